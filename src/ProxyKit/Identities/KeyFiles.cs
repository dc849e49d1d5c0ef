using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Identities;

/// <summary>Reads public keys in PEM (RFC 7468), and secrets.</summary>
internal static class KeyFiles
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>Reads a file of public keys and certificates; it has one at least.</summary>
    /// <exception cref="FormatException">It cannot be read, or there is something else in it.</exception>
    public static IReadOnlyList<VerificationKey> Load(string path) => Read(path, static text => OfPem(text));

    /// <summary>Reads a file, and says its name with whatever is wrong.</summary>
    /// <exception cref="FormatException">It cannot be read, or <paramref name="parse"/> cannot make anything of it.</exception>
    public static T Read<T>(string path, Func<string, T> parse) => Read(path, "public key", static path => File.ReadAllText(path), parse);

    /// <summary>Reads a file that has nothing but a secret in it, and maybe the line end that editors put behind all texts.</summary>
    /// <exception cref="FormatException">It cannot be read, or is too short for a secret.</exception>
    public static VerificationKey LoadSecret(string path) => Read(path, "secret", static path => File.ReadAllBytes(path), static bytes =>
    {
        var secret = bytes.AsSpan();
        secret = secret is [.., (byte)'\n'] ? secret[..^1] : secret;
        return VerificationKey.OfSecret(secret is [.., (byte)'\r'] && secret.Length < bytes.Length ? secret[..^1] : secret);
    });

    private static T Read<TContent, T>(string path, string wanted, Func<string, TContent> read, Func<TContent, T> parse)
    {
        try
        {
            return new FileInfo(path).Length <= MostBytes ? parse(read(path)) : throw new FormatException("it is over 1 MiB");
        }
        catch (Exception e) when (KeyFileFault.Is(e))
        {
            throw KeyFileFault.Of(path, e, wanted);
        }
    }

    /// <exception cref="FormatException">There is something else in it.</exception>
    /// <exception cref="CryptographicException">A key is none.</exception>
    public static IReadOnlyList<VerificationKey> OfPem(string text)
    {
        var keys = new List<VerificationKey>();
        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            keys.Add(OfBlock(rest[fields.Label], rest[fields.Location]));
            rest = rest[fields.Location.End..];
        }

        return keys.Count > 0 ? keys : throw new FormatException("there is no public key in PEM in it");
    }

    private static VerificationKey OfBlock(ReadOnlySpan<char> label, ReadOnlySpan<char> pem)
    {
        if (label is "CERTIFICATE")
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            EdwardsKeys.ThrowIf(certificate.PublicKey.Oid.Value);
            return certificate.GetRSAPublicKey() is { } rsa ? VerificationKey.OfRsa(rsa)
                : certificate.GetECDsaPublicKey() is { } curve ? VerificationKey.OfCurve(curve)
                : throw new FormatException("the certificate's key is neither of RSA nor on an elliptic curve");
        }

        if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
        {
            throw new FormatException("there is a private key in it, which belongs to the issuer alone; the public one is needed");
        }

        if (label is not ("PUBLIC KEY" or "RSA PUBLIC KEY"))
        {
            throw new FormatException($"a {label} is no public key");
        }

        return OfPublicKey(pem);
    }

    private static VerificationKey OfPublicKey(ReadOnlySpan<char> pem)
    {
        // The text does not always say what kind of key it has.
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            var fields = PemEncoding.Find(pem);
            EdwardsKeys.ThrowIf(PublicKey.CreateFromSubjectPublicKeyInfo(Convert.FromBase64String(pem[fields.Base64Data].ToString()), out _).Oid.Value);
            var curve = ECDsa.Create();
            curve.ImportFromPem(pem);
            return VerificationKey.OfCurve(curve);
        }

        return VerificationKey.OfRsa(rsa);
    }
}
