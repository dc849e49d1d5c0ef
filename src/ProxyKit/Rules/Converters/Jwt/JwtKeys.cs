using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Identities;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>The public keys that a configuration verifies tokens with, by the files they come from. Read when the configuration is put to
/// use; names in variables find only those.</summary>
internal sealed class JwtKeys
{
    private readonly ConcurrentDictionary<string, VerificationKey> _keys = new(StringComparer.Ordinal);

    /// <summary>Reads a file with a public key, or the certificate of one.</summary>
    /// <param name="path">The file, in PEM.</param>
    /// <param name="isCertificate">Whether it has to be a certificate.</param>
    /// <exception cref="FormatException">It has none, or cannot be read.</exception>
    public VerificationKey Load(string path, bool isCertificate)
    {
        if (_keys.TryGetValue(path, out var known))
        {
            return known;
        }

        try
        {
            return _keys[path] = Read(File.ReadAllText(path), isCertificate);
        }
        catch (Exception e) when (KeyFileFault.Is(e))
        {
            throw KeyFileFault.Of(path, e, isCertificate ? "certificate" : "public key");
        }
    }

    public bool TryGet(ReadOnlySpan<byte> path, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        if (path.Length > 1024)
        {
            return false;
        }

        Span<char> name = stackalloc char[path.Length];
        return System.Text.Encoding.UTF8.TryGetChars(path, name, out var length)
            && _keys.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out key);
    }

    private static VerificationKey Read(string pem, bool isCertificate)
    {
        if (isCertificate)
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.GetRSAPublicKey() is { } rsaKey ? VerificationKey.OfAny(rsaKey, null)
                : certificate.GetECDsaPublicKey() is { } curveKey ? VerificationKey.OfAny(null, curveKey)
                : throw new FormatException("the certificate's key is neither of RSA nor on an elliptic curve");
        }

        // The text does not always say what kind of key it has.
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return VerificationKey.OfAny(rsa, null);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
        }

        var curve = ECDsa.Create();
        curve.ImportFromPem(pem);
        return VerificationKey.OfAny(null, curve);
    }
}
