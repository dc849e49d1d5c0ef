namespace ProxyKit.Tests.Rules.Converters;

public sealed class CryptoConvertersTests
{
    private const string Ns = Evaluation.NoSample;
    private const string Key = "/v/pkoZlcxxtao+UZzCDCA==", Nonce = "yv66vvrO263eyviI", ShortNonce = "yv66vvrO260=", Zeros = "AAAAAAAAAAAAAAAAAAAAAA==";

    [Theory]
    [InlineData("str(abc),sha1,hex", "A9993E364706816ABA3E25717850C26C9CD0D89D")]
    [InlineData("str(abc),sha2,hex", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("str(abc),sha2(224),hex", "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7")]
    [InlineData("str(abc),sha2(384),hex", "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED8086072BA1E7CC2358BAECA134C825A7")]
    [InlineData("str(abc),sha2(512),hex", "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F")]
    [InlineData("str(abc),digest(md5),hex", "900150983CD24FB0D6963F7D28E17F72")]
    [InlineData("str(abc),digest(SHA224),hex", "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7")]
    [InlineData("str(abc),hmac(sha256,Zm9v),hex", "2FEBDE8CAD3B3E67067BC8784B1BCF966529C89A999E6C430B9CD536E3A16B52")]
    [InlineData("str(abc),hmac(md5,Zm9v),hex", "9BC8B11A0BE53EE07958E5A92BD6882B")]
    [InlineData("str(abc),hmac(sha224,Zm9v),hex", "33D0160D883C4D29038885446C99FB3903BCB7D1319C33075C17CE55")]
    [InlineData("str(Zm9v),set-var(txn.k),sha2(),unset-var(txn.x),hex,length", "64")]
    [InlineData("str(abc),hmac(sha256,txn.missing)", Ns)]
    [InlineData("str(abc),hmac(sha256,txn.s)", Ns)] // abc is no base64
    public void Digest_is_that_of_the_standard(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData(55, "FB0BD626A70C28541DFA781BB5CC4D7D7F56622A58F01A0B1DDD646F")]
    [InlineData(56, "D40854FC9CAF172067136F2E29E1380B14626BF6F0DD06779F820DCD")]
    [InlineData(119, "E000E6709D26667B631FAA7FC1BD404EB4774003C5FB4F51A0184875")]
    public void Sha224_is_right_where_its_padding_changes(int length, string expected) =>
        Assert.Equal(expected, Evaluation.Once($"str({new string('a', length)}),sha2(224),hex"));

    [Fact]
    public void Hmac_takes_its_key_from_a_variable()
    {
        var evaluation = new Evaluation();
        evaluation.Of("str(Zm9v),set-var(txn.k)");

        Assert.Equal("2FEBDE8CAD3B3E67067BC8784B1BCF966529C89A999E6C430B9CD536E3A16B52", evaluation.Of("str(abc),hmac(sha256,txn.k),hex"));
    }

    [Theory]
    [InlineData("str(hello),aes_cbc_enc(128," + Zeros + ",Zm9vb2Zvb29mb29wZm9vbw==),base64", "nLrWUz8WFGn2Y3/342IhiQ==")]
    [InlineData("str(hello),aes_cbc_enc(128," + Zeros + ",Zm9vb2Zvb29mb29wZm9vbw==),aes_cbc_dec(128," + Zeros + ",Zm9vb2Zvb29mb29wZm9vbw==)", "hello")]
    [InlineData("str(hello),aes_cbc_enc(128,AA==,Zm9vb2Zvb29mb29wZm9vbw==),base64", "nLrWUz8WFGn2Y3/342IhiQ==")]
    [InlineData("str(hello),aes_cbc_enc(256,AA==,Zm9vb2Zvb29mb29wZm9vbw==)", Ns)]
    [InlineData("str(0123456789abcdef),aes_cbc_enc(128,AA==,Zm9vb2Zvb29mb29wZm9vbw==),length,neg", "-32")]
    [InlineData("str(0123456789abcdef),aes_cbc_dec(128,AA==,Zm9vb2Zvb29mb29wZm9vbw==)", Ns)]
    [InlineData("str(0123456789abcde),aes_cbc_dec(128,AA==,Zm9vb2Zvb29mb29wZm9vbw==)", Ns)]
    [InlineData("str(),aes_cbc_dec(128,AA==,Zm9vb2Zvb29mb29wZm9vbw==)", Ns)]
    [InlineData("str(hello),aes_cbc_enc(128,txn.missing,Zm9vb2Zvb29mb29wZm9vbw==)", Ns)]
    public void Cipher_block_chaining_encrypts_and_decrypts(string expression, string expected) =>
        Assert.Equal(expected, Evaluation.Once(expression));

    /// <summary>Test cases 3 and 5 of the proposal of the mode.</summary>
    [Theory]
    [InlineData(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        Nonce, "",
        "42831EC2217774244B7221B784D0D49CE3AA212F2C02A4E035C17E2329ACA12E21D514B25466931C7D8F6A5AAC84AA051BA30B396A0AAC973D58E091473F5985",
        "TVwq8yfNZKYs81q9K6b6tA==")]
    [InlineData(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        ShortNonce, ",/u36zt6tvu/+7frO3q2+76ut2tI=",
        "61353B4C2806934A777FF51FA22A4755699B2A714FCDC6F83766E5F97B6C742373806900E49F24B22B097544D4896B424989B5E1EBAC0F07C23F4598",
        "NhLS5547B4VWG+FKrKL8yw==")]
    public void Counter_mode_encrypts_and_decrypts(string plain, string nonce, string extra, string expected, string tag)
    {
        var evaluation = new Evaluation();

        Assert.Equal(expected, evaluation.Of($"bin({plain}),aes_gcm_enc(128,{nonce},{Key},txn.tag{extra}),hex"));
        Assert.Equal(tag, evaluation.Of("str(),concat(,txn.tag)"));
        Assert.Equal(plain.ToUpperInvariant(), evaluation.Of($"bin({expected}),aes_gcm_dec(128,{nonce},{Key},txn.tag{extra}),hex"));
        Assert.Equal(plain.ToUpperInvariant(), evaluation.Of($"bin({expected}),aes_gcm_dec(128,{nonce},{Key},{tag}{extra}),hex"));
        Assert.Equal(Ns, evaluation.Of($"bin(00{expected[2..]}),aes_gcm_dec(128,{nonce},{Key},txn.tag{extra})"));
        Assert.Equal(Ns, evaluation.Of($"bin({expected}),aes_gcm_dec(128,{nonce},{Key},YWI={extra})"));
        Assert.Equal(Ns, evaluation.Of($"bin({expected}),aes_gcm_dec(128,{nonce},{Key},txn.missing{extra})"));
    }

    [Theory]
    [InlineData("str(abc),secure_memcmp(txn.s)", "1")]
    [InlineData("str(abd),secure_memcmp(txn.s)", "0")]
    [InlineData("str(ab),secure_memcmp(txn.s)", "0")]
    [InlineData("str(3),secure_memcmp(txn.i)", "0")] // the variable is eight bytes
    [InlineData("int(3),secure_memcmp(txn.i)", "1")]
    [InlineData("str(),secure_memcmp(txn.e)", "1")]
    [InlineData("str(a),secure_memcmp(txn.missing)", Ns)]
    public void Secrets_are_compared(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("int(0),x509_v_err_str", "X509_V_OK")]
    [InlineData("int(10),x509_v_err_str", "X509_V_ERR_CERT_HAS_EXPIRED")]
    [InlineData("int(18),x509_v_err_str", "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT")]
    [InlineData("int(62),x509_v_err_str", "X509_V_ERR_HOSTNAME_MISMATCH")]
    [InlineData("int(9999),x509_v_err_str", "9999")]
    public void Verification_result_has_its_name(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("str(a),sha2(1)", "invalid args in converter 'sha2' : Unsupported number of bits: '1'")]
    [InlineData("str(a),digest(foo)", "invalid args in converter 'digest' : 'foo' is not a supported digest")]
    [InlineData("str(a),hmac(md5,a)", "invalid args in converter 'hmac' : failed to parse the key : neither base64 nor the name of a variable")]
    [InlineData("str(a),aes_cbc_enc(100,AA==,AA==)", "invalid args in converter 'aes_cbc_enc' : key size must be 128, 192 or 256 (bits)")]
    public void Wrong_argument_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));
}
