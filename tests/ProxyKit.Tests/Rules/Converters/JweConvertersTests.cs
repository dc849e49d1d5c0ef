using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ProxyKit.Tests.Rules.Converters;

/// <summary>Encrypted tokens: those of RFC 7516 and 7518, and some that another implementation (Python's cryptography) has made.</summary>
public sealed class JweConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    /// <summary>RFC 7516 appendix A.1.</summary>
    private const string RsaKey =
        """{"kty":"RSA","n":"oahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E-BVvxkeDNjbC4he8rUWcJoZmds2h7M70imEVhRU5djINXtqllXI4DFqcI1DgjT9LewND8MW2Krf3Spsk_ZkoFnilakGygTwpZ3uesH-PFABNIUYpOiN15dsQRkgr0vEhxN92i2asbOenSZeyaxziK72UwxrrKoExv6kc5twXTq4h-QChLOln0_mtUZwfsRaMStPs6mS6XrgxnxbWhojf663tuEQueGC-FCMfra36C9knDFGzKsNa7LZK2djYgyD3JR_MB_4NUJW_TqOQtwHYbxevoJArm-L5StowjzGy-_bq6Gw","e":"AQAB","d":"kLdtIj6GbDks_ApCSTYQtelcNttlKiOyPzMrXHeI-yk1F7-kpDxY4-WY5NWV5KntaEeXS1j82E375xxhWMHXyvjYecPT9fpwR_M9gV8n9Hrh2anTpTD93Dt62ypW3yDsJzBnTnrYu1iwWRgBKrEYY46qAZIrA2xAwnm2X7uGR1hghkqDp0Vqj3kbSCz1XyfCs6_LehBwtxHIyh8Ripy40p24moOAbgxVw3rxT_vlt3UVe4WO3JkJOzlpUf-KTVI2Ptgm-dARxTEtE-id-4OJr0h-K-VFs3VSndVTIznSxfyrj8ILL6MG_Uv8YAu7VILSB3lOW085-4qE3DzgrTjgyQ","p":"1r52Xk46c-LsfB5P442p7atdPUrxQSy4mti_tZI3Mgf2EuFVbUoDBvaRQ-SWxkbkmoEzL7JXroSBjSrK3YIQgYdMgyAEPTPjXv_hI2_1eTSPVZfzL0lffNn03IXqWF5MDFuoUYE0hzb2vhrlN_rKrbfDIwUbTrjjgieRbwC6Cl0","q":"wLb35x7hmQWZsWJmB_vle87ihgZ19S8lBEROLIsZG4ayZVe9Hi9gDVCOBmUDdaDYVTSNx_8Fyw1YYa9XGrGnDew00J28cRUoeBB_jKI1oma0Orv1T9aXIWxKwd4gvxFImOWr3QRL9KEBRzk2RatUBnmDZJTIAfwTs0g68UZHvtc","dp":"ZK-YwE7diUh0qR1tR7w8WHtolDx3MZ_OTowiFvgfeQ3SiresXjm9gZ5KLhMXvo-uz-KUJWDxS5pFQ_M0evdo1dKiRTjVw_x4NyqyXPM5nULPkcpU827rnpZzAJKpdhWAgqrXGKAECQH0Xt4taznjnd_zVpAmZZq60WPMBMfKcuE","dq":"Dq0gfgJ1DdFGXiLvQEZnuKEN0UUmsJBxkjydc3j4ZYdBiMRAy86x0vHCjywcMlYYg4yoC4YZa9hNVcsjqA3FeiL19rk8g6Qn29Tt0cj8qqyFpz9vNDBUfCAiJVeESOjJDZPYHdHY8v1b-o-Z2X5tvLx-TCekf7oxyeKDUqKWjis","qi":"VIMpMYbPf47dT1w_zDUXfPimsSegnMOA1zTaX7aGk_8urY6R8-ZW1FxU7AlWAyLWybqq6t16VFd7hQd0y6flUK4SlOydB61gwanOsXGOAOv82cHq0E3eL4HrtZkUuKvnPrMnsUUFlfUdybVzxyjz9JF_XyaY14ardLSjf4L_FNY"}""";

    private const string RsaToken =
        "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGdXKHzg.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ";

    /// <summary>RFC 7516 appendix A.3.</summary>
    private const string WrappedToken =
        "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ";

    private const string WrappingSecret = "GawgguFyGrWKav7AX4VKUg==";

    [Fact]
    public void Token_of_RFC_7516_A_1_is_decrypted_by_RSA() => Assert.Equal(
        "The true sign of intelligence is not knowledge but imagination.", Evaluation.Once($"str({RsaToken}),jwt_decrypt_jwk('{RsaKey}')"));

    [Fact]
    public void Token_of_RFC_7516_A_3_is_decrypted_by_a_key_wrapped_in_AES()
    {
        Assert.Equal("Live long and prosper.", Evaluation.Once($"str({WrappedToken}),jwt_decrypt_secret({WrappingSecret})"));
        Assert.Equal("Live long and prosper.", Evaluation.Once($$"""str({{WrappedToken}}),jwt_decrypt_jwk('{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}')"""));
    }

    /// <summary>The content is encrypted with the key that the RFC says both sides come to.</summary>
    [Fact]
    public void Key_is_agreed_on_as_in_RFC_7518_C()
    {
        var token = Seal(
            """{"alg":"ECDH-ES","enc":"A128GCM","apu":"QWxpY2U","apv":"Qm9i","epk":{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}}""",
            [],
            Convert.FromBase64String("VqqN6vgjbSBcIijNcacQGg=="));
        const string Key =
            """{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}""";

        Assert.Equal("content", Evaluation.Once($"str({token}),jwt_decrypt_jwk('{Key}')"));
    }

    [Theory]
    [InlineData(
        """{"kty":"EC","crv":"P-256","x":"So1Xp90ZUdgJMUERQbsASu-Nu1ExRl2opMcz0o1g2Js","y":"v4lihbJzYr2LlNUao_VFkvRM06XB9g4WobnJtJQkNEQ","d":"debWPUGwZhoH5SNlFxVCrNmNk-LwW5lPJLI9_eEZm2E"}""",
        "eyJhbGciOiAiRUNESC1FUyIsICJlbmMiOiAiQTI1NkNCQy1IUzUxMiIsICJlcGsiOiB7Imt0eSI6ICJFQyIsICJjcnYiOiAiUC0yNTYiLCAieCI6ICJaWEpucnRMSG9iTGIzT2tXUmVtUW43eGN0MjUyVldxS01zeWQtTVZiel9zIiwgInkiOiAiZUNtTWYzcEp0ZTM0TFZJNmhVUFM1Rl9pcVNJMThmckowanVQdlBVQXRxOCJ9LCAiYXB1IjogIlFXeHBZMlUiLCAiYXB2IjogIlFtOWkifQ..0gjkBKc4yY7AiJATt5KOKg.ooJhfqo_NsQup12GJGcxQA.V_XzQewys1APS5JWy1agk3fBAbcEs5c_636R1JIeI1A")]
    [InlineData(
        """{"kty":"EC","crv":"P-384","x":"kKbitm7ftLmelHo-uFIyyGcjRkvrj2fQYABWq2d0NJuNI6jxzv8qnrnwirPs4T_J","y":"-d7mxU4BvCjyaKUh3fbydarCR8OB5smtboYjROxFHovSrttsx57AIDUAGY9xzfsW","d":"Z1sOyhgjWowIaXkftu4JGGOcynHtHD8rX84nxo_X-uRrHxg9ibI9Nu6vrIjmNTC9"}""",
        "eyJhbGciOiAiRUNESC1FUytBMTkyS1ciLCAiZW5jIjogIkExOTJDQkMtSFMzODQiLCAiZXBrIjogeyJrdHkiOiAiRUMiLCAiY3J2IjogIlAtMzg0IiwgIngiOiAiOXYtMDZnVl9TYlh6a1RTdkhHc0ZpSW41VUloX2lmalhIeTRhVWhlUDh0WFhFb1VZWER2MzVQdFhicjhrY2NjNSIsICJ5IjogImxhSVBiVzNQaGxWWl92LV9Qby1OWUFmbVlXYWNZeXJLcWdteFVaaUlIV08zeFU2bTN5Qm1EMVpzeHM0bmxobkkifSwgImFwdSI6ICJRV3hwWTJVIiwgImFwdiI6ICJRbTlpIn0.zSLnktC-4Ai4a253hLOXmILWzhHigi8xGG4jqqdqmwrH2r6FWqwtH_-VDQV9VTniWlzwuUZHNzY.PDcIhoyid63CnRccguWKhA.1HHOo06Cxted1vtCCCeNIQ.HSdkn-yDRdcAly8NFVpIgDT08Oyil757")]
    [InlineData(
        """{"kty":"EC","crv":"P-521","x":"AbXqjqp3kTkY3Sxk7xLMLMeXgiaSjX-FavpyHcM9c72xJbpA6CyaSdjm6lF1xvDgsMOTxSCTh7PcP4AHCTCqmpry","y":"ADSOs0D5V1_hfT1FirGMawErPlOXiHQJ-uNBgPPqNpPXaiYOvI_qB3XWd8q9cu65Mb1bZGk2jTa-O8VEmqkDIPW8","d":"AfvRMphKOj41OhueQ5yk9MeHTMoDTngKXiSDVXsi_n9rsfcRF6jOiuzOFcNkNBMpnZCl54XydXrDzo2uENg_3V46"}""",
        "eyJhbGciOiAiRUNESC1FUytBMjU2S1ciLCAiZW5jIjogIkEyNTZHQ00iLCAiZXBrIjogeyJrdHkiOiAiRUMiLCAiY3J2IjogIlAtNTIxIiwgIngiOiAiQVRRWlk4R294QnhkbWZsTC1abzlJRWJLaF9vS255R05NbWRpbzktSFFCZ084YVdCa1hpcC0xVWRRWEEtVjVlc19qMHR3THozNzdLVmktWThidi1OSFZaVyIsICJ5IjogIkFObHQ2S3JsSUVZMVdCUVg4b1hvTmpSZ18zakhaSC1Ob1N3VF9kQ3RSV3BWd2ZnWG5wU0JhMmFVMUNldjZyNnNLdGszQ0J6VjBwSmNhdXBTUEtwY2x6SmcifSwgImFwdSI6ICJRV3hwWTJVIiwgImFwdiI6ICJRbTlpIn0.fB3mcwn6W2gESBXbs9aM871_g6qZc3YqrpMKAwPV2vgVx_8mNp0I6w.2X-dr2m5jyT7lflB.u-KSLhRW.JEZFEPTvnBqRm8KBRdmyeg")]
    public void Key_is_agreed_on_over_each_curve(string key, string token) =>
        Assert.Equal("agreed", Evaluation.Once($"str({token}),jwt_decrypt_jwk('{key}')"));

    [Fact]
    public void Key_is_wrapped_in_Galois_counter_mode() => Assert.Equal(
        "wrapped",
        Evaluation.Once(
            "str(eyJhbGciOiAiQTI1NkdDTUtXIiwgImVuYyI6ICJBMTI4Q0JDLUhTMjU2IiwgIml2IjogIldyemdGMXZxWkJCUlVxdUMiLCAidGFnIjogIlNHaDIyT1Z3amtnSnFSbFhzdVg0NkEifQ.QvAi9_h1ygDbtWxfHhKJ3mLiGpOB3wesvFp7O_FmSP8.-TqJQBtf5wTO_ytugQZpEQ.fhk5LwrQpUwEF-zAlUyPaQ.S5kNh0ma6Ih8IyngqswWTg),jwt_decrypt_secret(AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=)"));

    [Theory]
    [InlineData("A128GCM", 16)]
    [InlineData("A192GCM", 24)]
    [InlineData("A256GCM", 32)]
    public void Secret_encrypts_the_content_itself(string encryption, int length)
    {
        var key = RandomNumberGenerator.GetBytes(length);
        var token = Seal($$"""{"alg":"dir","enc":"{{encryption}}"}""", [], key);

        Assert.Equal("content", Evaluation.Once($"str({token}),jwt_decrypt_secret({Convert.ToBase64String(key)})"));
        Assert.Equal(Ns, Evaluation.Once($"str({token}),jwt_decrypt_secret({Convert.ToBase64String(RandomNumberGenerator.GetBytes(length))})"));
    }

    [Theory]
    [InlineData("RSA-OAEP")]
    [InlineData("RSA-OAEP-256")]
    public void Private_key_of_a_certificate_decrypts(string algorithm)
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        var key = RandomNumberGenerator.GetBytes(32);
        var padding = algorithm == "RSA-OAEP" ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256;
        var token = Seal($$"""{"alg":"{{algorithm}}","enc":"A256GCM"}""", rsa.Encrypt(key, padding), key);
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{rsa.ExportPkcs8PrivateKeyPem()}\n");

            Assert.Equal("content", Evaluation.Once($"str({token}),jwt_decrypt_cert({file})"));
            var evaluation = new Evaluation();
            evaluation.Of($"str({file}),set-var(txn.file)");
            Assert.Equal(Ns, evaluation.Of($"str({token}),jwt_decrypt_cert(txn.file)")); // no rule names it
            Assert.Equal("content", evaluation.Of($"str({token}),jwt_decrypt_cert({file})"));
            Assert.Equal("content", evaluation.Of($"str({token}),jwt_decrypt_cert(txn.file)"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Key_in_a_variable_is_the_one_that_it_has_at_the_time()
    {
        var evaluation = new Evaluation();
        evaluation.Of($"str('{RsaKey}'),set-var(txn.key)");
        var expression = evaluation.Compile($"str({RsaToken}),jwt_decrypt_jwk(txn.key),length");

        Assert.Equal(("63", "63"), (evaluation.Of(expression), evaluation.Of(expression)));
        evaluation.Of("""str('{"kty":"oct","k":"AAAA"}'),set-var(txn.key)""");
        Assert.Equal(Ns, evaluation.Of(expression));
    }

    [Theory]
    [InlineData(0)] // the header, of which the tag knows
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Token_of_which_a_part_was_changed_has_no_value(int part)
    {
        var parts = WrappedToken.Split('.');
        parts[part] = parts[part][..^2] + (parts[part][^2] == 'A' ? 'B' : 'A') + parts[part][^1];

        Assert.Equal(Ns, Evaluation.Once($"str({string.Join('.', parts)}),jwt_decrypt_secret({WrappingSecret})"));
    }

    [Theory]
    [InlineData("""{"alg":"dir","enc":"A128GCM","zip":"DEF"}""")] // nothing is unpacked
    [InlineData("""{"alg":"dir","enc":"A128GCM","crit":["x"],"x":1}""")] // RFC 7515 §4.1.11
    [InlineData("""{"alg":"dir","enc":"A128GCM","enc":"A128GCM"}""")]
    [InlineData("""{"alg":"A128KW","enc":"A128GCM"}""")]
    [InlineData("""{"alg":"RSA-OAEP","enc":"A128GCM"}""")]
    [InlineData("""{"alg":"ECDH-ES","enc":"A128GCM"}""")]
    [InlineData("""{"alg":"none","enc":"A128GCM"}""")]
    [InlineData("""{"alg":"dir"}""")]
    [InlineData("""["alg"]""")]
    public void Header_that_is_not_known_to_the_end_has_no_value(string header)
    {
        var key = new byte[16];

        Assert.Equal(Ns, Evaluation.Once($"str({Seal(header, [], key)}),jwt_decrypt_secret({Convert.ToBase64String(key)})"));
    }

    [Theory]
    [InlineData("str(),jwt_decrypt_secret(AAAA)")]
    [InlineData("str(a.b.c),jwt_decrypt_secret(AAAA)")]
    [InlineData("str(....),jwt_decrypt_secret(AAAA)")]
    [InlineData("str(!.!.!.!.!),jwt_decrypt_secret(AAAA)")]
    [InlineData("str(a.b.c.d.e),jwt_decrypt_secret(txn.missing)")]
    [InlineData("str(a.b.c.d.e),jwt_decrypt_jwk(txn.s)")]
    public void What_is_no_token_has_no_value(string expression) => Assert.Equal(Ns, Evaluation.Once(expression));

    [Theory]
    [InlineData("str(x),jwt_decrypt_secret(!)", "neither base64 nor the name of a variable")]
    [InlineData("str(x),jwt_decrypt_jwk(x)", "neither a secret or private key in JSON nor the name of a variable")]
    [InlineData("str(x),jwt_decrypt_cert(/nowhere.pem)", "could not load the key '/nowhere.pem'")]
    public void Key_that_is_none_is_a_fault_of_the_configuration(string expression, string fault) =>
        Assert.Contains(fault, Evaluation.FaultOf(expression), StringComparison.Ordinal);

    /// <summary>A token whose content, <c>content</c>, is encrypted in Galois/counter mode.</summary>
    private static string Seal(string header, byte[] encryptedKey, byte[] key)
    {
        var encoded = Encode(Encoding.UTF8.GetBytes(header));
        using var aes = new AesGcm(key, 16);
        var nonce = RandomNumberGenerator.GetBytes(12);
        var content = "content"u8.ToArray();
        var tag = new byte[16];
        aes.Encrypt(nonce, content, content, tag, Encoding.ASCII.GetBytes(encoded));
        return $"{encoded}.{Encode(encryptedKey)}.{Encode(nonce)}.{Encode(content)}.{Encode(tag)}";
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
