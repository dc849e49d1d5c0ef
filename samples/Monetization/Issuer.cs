using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway;

namespace Monetization;

/// <summary>Gives tokens to whoever asks, which is good enough for a sample: <c>/auth/token?client=acme&amp;scope=gold</c>. The keys to verify them
/// with are at <c>/auth/keys</c>.</summary>
internal sealed class Issuer : IDisposable
{
    public const string Name = "https://id.example/";
    public const string Audience = "https://weather.example/";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Issuer() => Address = SmallServer.StartHttp((request, response) => request.Target switch
    {
        "/auth/keys" => SmallServer.AnswerAsync(response, "application/json", Keys()),
        _ => SmallServer.AnswerAsync(response, "text/plain", TokenFor(request.Target)),
    });

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    public void Dispose() => _key.Dispose();

    private string TokenFor(string target)
    {
        var query = new Uri("http://issuer" + target).Query.TrimStart('?').Split('&')
            .Select(static p => p.Split('=', 2)).ToDictionary(static p => p[0], static p => Uri.UnescapeDataString(p[^1]));
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var head = Json(new { alg = "ES256", typ = "JWT", kid = "1" });
        var claims = Json(new { iss = Name, aud = Audience, sub = query["client"], scope = query["scope"], iat = now, exp = now + 3600 });
        var signed = $"{head}.{claims}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private string Keys()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var key = new { kty = "EC", crv = "P-256", kid = "1", use = "sig", alg = "ES256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
        return JsonSerializer.Serialize(new { keys = new[] { key } });
    }

    private static string Json(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
