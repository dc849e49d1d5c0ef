using System.Security.Cryptography;
using ProxyKit.Rules.Converters.Crypto;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>How a token is signed (RFC 7518 §3).</summary>
internal sealed class JwtAlgorithm
{
    private static readonly JwtAlgorithm[] Known =
    [
        new("none", JwtKeyKind.None, DigestAlgorithm.Sha256, default),
        .. Three("HS", JwtKeyKind.Secret),
        .. Three("RS", JwtKeyKind.Rsa),
        .. Three("PS", JwtKeyKind.RsaPss),
        .. Three("ES", JwtKeyKind.Curve),
    ];

    private readonly byte[] _bytes;

    private JwtAlgorithm(string name, JwtKeyKind kind, DigestAlgorithm digest, HashAlgorithmName hashName)
    {
        Name = name;
        Kind = kind;
        Digest = digest;
        HashName = hashName;
        _bytes = ArgumentBytes.Of(name);
    }

    public string Name { get; }

    public JwtKeyKind Kind { get; }

    public DigestAlgorithm Digest { get; }

    public HashAlgorithmName HashName { get; }

    /// <summary>The algorithm of a name; null for a name that is none.</summary>
    public static JwtAlgorithm? Find(ReadOnlySpan<byte> name)
    {
        foreach (var algorithm in Known)
        {
            if (name.SequenceEqual(algorithm._bytes))
            {
                return algorithm;
            }
        }

        return null;
    }

    private static JwtAlgorithm[] Three(string prefix, JwtKeyKind kind) =>
    [
        new(prefix + "256", kind, DigestAlgorithm.Sha256, HashAlgorithmName.SHA256),
        new(prefix + "384", kind, DigestAlgorithm.Sha384, HashAlgorithmName.SHA384),
        new(prefix + "512", kind, DigestAlgorithm.Sha512, HashAlgorithmName.SHA512),
    ];
}
