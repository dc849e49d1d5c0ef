using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class JwtConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Fact]
    public void Query_reads_header_and_payload()
    {
        var token = $"{Encode("""{"alg":"HS256"}""")}.{Encode("""{"exp":123,"sub":"x"}""")}.sig";

        Assert.Equal("HS256", Evaluation.Once($"str({token}),jwt_header_query('$.alg')"));
        Assert.Equal("123", Evaluation.Once($"str({token}),jwt_payload_query('$.exp','int')"));
        Assert.Equal("x", Evaluation.Once($"str({token}),jwt_payload_query('$.sub')"));
        Assert.Equal(Ns, Evaluation.Once($"str({token}),jwt_payload_query('$.iss')"));
        Assert.Equal("""{"alg":"HS256"}""", Evaluation.Once($"str({token}),jwt_header_query"));
        Assert.Equal(Ns, Evaluation.Once($"str({Encode("{}")}),jwt_payload_query('$.sub')"));
        Assert.Equal(Ns, Evaluation.Once("str(!.!),jwt_payload_query('$.sub')"));
    }

    [Theory]
    [InlineData("str(a.b.c),jwt_verify(HS256,key)", "-3")] // c is no base64
    [InlineData("str(a.b.YWI),jwt_verify(HS256,key)", "0")]
    [InlineData("str(a.b.),jwt_verify(HS256,key)", "-3")]
    [InlineData("str(a.b.!),jwt_verify(HS256,key)", "-3")]
    [InlineData("str(a.b),jwt_verify(HS256,key)", "-3")]
    [InlineData("str(a.b.c.d),jwt_verify(HS256,key)", "-3")]
    [InlineData("str(),jwt_verify(HS256,key)", "-3")]
    [InlineData("str(a.b.),jwt_verify(none,key)", "1")]
    [InlineData("str(a.b),jwt_verify(none,key)", "1")]
    [InlineData("str(a.b.x),jwt_verify(none,key)", "0")]
    [InlineData("str(a.b.YWI),jwt_verify(txn.s,key)", "-1")]
    [InlineData("str(a.b.YWI),jwt_verify(txn.missing,key)", Ns)]
    [InlineData("str(a.b.YWI),jwt_verify(HS256,txn.missing)", Ns)]
    [InlineData("str(a.b.YWI),jwt_verify(RS256,txn.s)", "-5")]
    [InlineData("str(a.b.YWI),jwt_verify_cert(HS256,key)", "-2")]
    public void Verification_of_a_bad_token_says_what_is_wrong(string expression, string expected) =>
        Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public void Secret_signature_is_verified(string algorithm)
    {
        var signed = $"{Encode("{}")}.{Encode("{}")}";
        var (key, text) = ("abc"u8.ToArray(), Encoding.ASCII.GetBytes(signed));
        var signature = algorithm switch
        {
            "HS256" => HMACSHA256.HashData(key, text),
            "HS384" => HMACSHA384.HashData(key, text),
            _ => HMACSHA512.HashData(key, text),
        };
        var token = $"{signed}.{Encode(signature)}";

        Assert.Equal("1", Evaluation.Once($"str({token}),jwt_verify({algorithm},abc)"));
        Assert.Equal("1", Evaluation.Once($"str({token}),jwt_verify({algorithm},txn.s)"));
        Assert.Equal("0", Evaluation.Once($"str({token}),jwt_verify({algorithm},abd)"));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    public void Rsa_signature_is_verified(string algorithm)
    {
        using var rsa = RSA.Create(2048);
        using var other = RSA.Create(2048);
        var padding = algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

        AssertVerifies(
            algorithm, data => rsa.SignData(data, Hash(algorithm), padding), rsa.ExportSubjectPublicKeyInfoPem(),
            other.ExportSubjectPublicKeyInfoPem(), new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void Curve_signature_of_an_odd_length_is_no_signature(string algorithm)
    {
        var directory = Directory.CreateTempSubdirectory("jwt").FullName;
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var file = Path.Combine(directory, "a.pem");
            File.WriteAllText(file, key.ExportSubjectPublicKeyInfoPem());

            Assert.Equal("-3", Evaluation.Once($"str(a.b.{Encode(new byte[63])}),jwt_verify({algorithm},{file})"));
            Assert.Equal("0", Evaluation.Once($"str(a.b.{Encode(new byte[62])}),jwt_verify({algorithm},{file})"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void Curve_signature_is_verified(string algorithm)
    {
        var curve = algorithm switch
        {
            "ES256" => ECCurve.NamedCurves.nistP256,
            "ES384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
        using var key = ECDsa.Create(curve);
        using var other = ECDsa.Create(curve);

        AssertVerifies(
            algorithm, data => key.SignData(data, Hash(algorithm)), key.ExportSubjectPublicKeyInfoPem(),
            other.ExportSubjectPublicKeyInfoPem(), new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256));
    }

    [Theory]
    [InlineData("str(a),jwt_verify(HS999,key)", "invalid args in converter 'jwt_verify' : unknown JWT algorithm: HS999")]
    [InlineData("str(a),jwt_header_query('$.a',string)", "invalid args in converter 'jwt_header_query' : output_type only supports \"int\" as argument")]
    public void Wrong_argument_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));

    [Fact]
    public void Missing_key_file_is_a_fault() => Assert.StartsWith(
        "invalid args in converter 'jwt_verify' : could not load the key '/nowhere/key.pem': ",
        Evaluation.FaultOf("str(a),jwt_verify(RS256,/nowhere/key.pem)"), StringComparison.Ordinal);

    [Theory]
    [InlineData("jwt_verify(RS256,{0})", null, "there is no such file")]
    [InlineData("jwt_verify(RS256,{0})", "nothing", "there is no public key in PEM in it")]
    [InlineData("jwt_verify(ES256,{0})", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "the public key in it is damaged, or of a kind that is not taken")]
    [InlineData("jwt_verify_cert(RS256,{0})", "nothing", "the certificate in it is damaged, or of a kind that is not taken")]
    [InlineData("jwt_decrypt_cert({0})", "nothing", "there is no private key in PEM in it")]
    public void Key_that_cannot_be_had_is_told_in_words_about_its_file(string converter, string? contents, string reason)
    {
        var directory = Directory.CreateTempSubdirectory("jwt").FullName;
        try
        {
            var file = Path.Combine(directory, "a.pem");
            if (contents is not null)
            {
                File.WriteAllText(file, contents);
            }

            Assert.EndsWith(
                $" : could not load the key '{file}': {reason}",
                Evaluation.FaultOf($"str(a),{string.Format(System.Globalization.CultureInfo.InvariantCulture, converter, file)}"),
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void AssertVerifies(
        string algorithm, Func<byte[], byte[]> sign, string publicKey, string otherKey, CertificateRequest request)
    {
        var directory = Directory.CreateTempSubdirectory("jwt").FullName;
        try
        {
            var (file, otherFile, certificateFile) = (Path.Combine(directory, "a.pem"), Path.Combine(directory, "b.pem"), Path.Combine(directory, "c.pem"));
            File.WriteAllText(file, publicKey);
            File.WriteAllText(otherFile, otherKey);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
            var signed = $"{Encode("{}")}.{Encode("{}")}";
            var token = $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
            var evaluation = new Evaluation();

            Assert.Equal("1", evaluation.Of($"str({token}),jwt_verify({algorithm},{file})"));
            Assert.Equal("0", evaluation.Of($"str({token}),jwt_verify({algorithm},{otherFile})"));
            Assert.Equal("0", evaluation.Of($"str(x{token[1..]}),jwt_verify({algorithm},{file})"));
            Assert.Equal("0", evaluation.Of($"str({signed}.YWI),jwt_verify({algorithm},{file})"));
            Assert.Equal("1", evaluation.Of($"str({token}),jwt_verify_cert({algorithm},{certificateFile})"));

            evaluation.Of($"str({algorithm}),set-var(txn.alg)");
            Assert.Equal("1", evaluation.Of($"str({token}),jwt_verify(txn.alg,{file})"));

            // A variable finds the files that the configuration names, and no others.
            evaluation.Of($"str({file}),set-var(txn.key)");
            Assert.Equal("1", evaluation.Of($"str({token}),jwt_verify({algorithm},txn.key)"));
            evaluation.Of($"str({file}x),set-var(txn.key)");
            Assert.Equal("-5", evaluation.Of($"str({token}),jwt_verify({algorithm},txn.key)"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static HashAlgorithmName Hash(string algorithm) => new("SHA" + algorithm[2..]);

    private static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
