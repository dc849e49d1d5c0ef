using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ProxyKit.Testing;

/// <summary>A key that signs tokens (RFC 7515), with the public half that verifies them.</summary>
public sealed class TestKey : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _curve;

    private TestKey(string id, string algorithm, RSA? rsa, ECDsa? curve) => (Id, Algorithm, _rsa, _curve) = (id, algorithm, rsa, curve);

    /// <summary>Its name in tokens and sets of keys.</summary>
    public string Id { get; }

    /// <summary>What it signs by, unless asked for another.</summary>
    public string Algorithm { get; }

    /// <summary>The public half in PEM.</summary>
    public string Pem => _rsa?.ExportSubjectPublicKeyInfoPem() ?? _curve!.ExportSubjectPublicKeyInfoPem(); // it is one of the two

    /// <summary>The public half in JSON (RFC 7517).</summary>
    public string Jwk
    {
        get
        {
            if (_rsa?.ExportParameters(false) is { } rsa)
            {
                return $$"""{"kty":"RSA","use":"sig","kid":"{{Id}}","n":"{{Encode(rsa.Modulus)}}","e":"{{Encode(rsa.Exponent)}}"}""";
            }

            var point = _curve!.ExportParameters(false).Q; // it is one of the two
            var name = _curve.KeySize switch { 256 => "P-256", 384 => "P-384", _ => "P-521" };
            return $$"""{"kty":"EC","crv":"{{name}}","kid":"{{Id}}","x":"{{Encode(point.X)}}","y":"{{Encode(point.Y)}}"}""";
        }
    }

    /// <summary>A new key of RSA.</summary>
    public static TestKey Rsa(string id = "k1", int bits = 2048) => new(id, "RS256", RSA.Create(bits), null);

    /// <summary>A new key on a curve: ES256, ES384 or ES512.</summary>
    public static TestKey Curve(string id = "k1", string algorithm = "ES256") => new(id, algorithm, null, ECDsa.Create(algorithm switch
    {
        "ES256" => ECCurve.NamedCurves.nistP256,
        "ES384" => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    }));

    /// <summary>A token that a secret has signed.</summary>
    public static string Sign(string claims, byte[] secret, string algorithm = "HS256", string? header = null)
    {
        var signed = $"{Encode(header ?? $$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{Encode(claims)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        return $"{signed}.{Encode(algorithm switch
        {
            "HS256" => HMACSHA256.HashData(secret, bytes),
            "HS384" => HMACSHA384.HashData(secret, bytes),
            _ => HMACSHA512.HashData(secret, bytes),
        })}";
    }

    /// <summary>Text, in base64 for URLs.</summary>
    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes, in base64 for URLs.</summary>
    public static string Encode(byte[]? bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>A token that this key has signed.</summary>
    /// <param name="claims">What it claims, in JSON.</param>
    /// <param name="algorithm">By what; null for the key's own.</param>
    /// <param name="header">The header, in JSON; null for one that names algorithm and key.</param>
    public string Sign(string claims, string? algorithm = null, string? header = null)
    {
        algorithm ??= Algorithm;
        var signed = $"{Encode(header ?? $$"""{"alg":"{{algorithm}}","typ":"JWT","kid":"{{Id}}"}""")}.{Encode(claims)}";
        var hash = new HashAlgorithmName($"SHA{algorithm[2..]}");
        var bytes = Encoding.ASCII.GetBytes(signed);
        return $"{signed}.{Encode(algorithm[0] switch
        {
            'E' => _curve!.SignData(bytes, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation), // the test asks for what the key is
            'P' => _rsa!.SignData(bytes, hash, RSASignaturePadding.Pss),
            _ => _rsa!.SignData(bytes, hash, RSASignaturePadding.Pkcs1),
        })}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rsa?.Dispose();
        _curve?.Dispose();
    }
}
