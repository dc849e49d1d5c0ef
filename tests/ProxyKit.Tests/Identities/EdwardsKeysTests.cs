using System.Security.Cryptography;
using System.Text;
using ProxyKit.Identities;

namespace ProxyKit.Tests.Identities;

/// <summary>EdDSA, which .NET 10 has not: refused, and for that reason.</summary>
public sealed class EdwardsKeysTests
{
    /// <summary>RFC 8037, appendix A.2.</summary>
    private const string Jwk = """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    private const string PublicKey =
        """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEArq8LeUVe66jDtlZ85Ja8HANU9D0rv2QsAdngYcfjoq4=
        -----END PUBLIC KEY-----
        """;

    private const string Certificate =
        """
        -----BEGIN CERTIFICATE-----
        MIIBOjCB7aADAgECAhRTa2QAPzNHODyT1iiWtcIAzA/jiTAFBgMrZXAwEjEQMA4G
        A1UEAwwHZWR3YXJkczAgFw0yNjExMjIwMTMzNTVaGA8yMTI2MTAyOTAxMzM1NVow
        EjEQMA4GA1UEAwwHZWR3YXJkczAqMAUGAytlcAMhACEMs8ndxDyDC4UcnyofREEV
        e6gNDWKK2C6eAgjsU9qHo1MwUTAdBgNVHQ4EFgQU+aQkzRx47aTr83XVzD02OI3i
        kbAwHwYDVR0jBBgwFoAU+aQkzRx47aTr83XVzD02OI3ikbAwDwYDVR0TAQH/BAUw
        AwEB/zAFBgMrZXADQQAneb4GxSLq4TqktABmqUfEzjJBQDaM5d2XtKBzxc74M653
        0reVSddPD5W4W+gHUaHheSVqMhHJfw+/QiVFnugN
        -----END CERTIFICATE-----
        """;

    [Theory]
    [InlineData(PublicKey)]
    [InlineData(Certificate)]
    public void Key_in_PEM_is_refused_as_one_of_EdDSA(string pem) =>
        Assert.Contains("is for EdDSA", Assert.Throws<FormatException>(() => KeyFiles.OfPem(pem)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Jwk)]
    [InlineData($$"""{"keys":[{{Jwk}}]}""")]
    [InlineData($$"""{"keys":[{{Jwk}},{{Jwk}}]}""")]
    public void Set_of_nothing_else_is_refused_as_one_of_EdDSA(string json) => Assert.Contains(
        "a key in it is for EdDSA", Assert.Throws<FormatException>(() => JsonWebKeys.Parse(Encoding.UTF8.GetBytes(json), allowsSecrets: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void Key_among_others_is_passed_over()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = curve.ExportParameters(includePrivateParameters: false).Q;
        var set = $$"""{"keys":[{{Jwk}},{"kty":"EC","crv":"P-256","x":"{{Number(point.X!)}}","y":"{{Number(point.Y!)}}"}]}""";

        Assert.Equal("ES256", Assert.Single(Assert.Single(JsonWebKeys.Parse(Encoding.UTF8.GetBytes(set), allowsSecrets: false)).Algorithms).Name);

        static string Number(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    /// <summary>RFC 8037, appendix A.4.</summary>
    [Fact]
    public void Token_is_refused_as_one_of_an_unsupported_algorithm()
    {
        var token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"u8;

        Assert.Equal(AuthenticationFault.UnsupportedAlgorithm, JsonWebToken.TryRead(token, new byte[JsonWebToken.BufferLength(token.Length)], out _));
    }
}
