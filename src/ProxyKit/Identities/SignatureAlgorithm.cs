using System.Security.Cryptography;
using System.Text;

namespace ProxyKit.Identities;

/// <summary>How a token is signed (RFC 7518 §3).</summary>
internal sealed class SignatureAlgorithm
{
    private readonly byte[] _bytes;

    private SignatureAlgorithm(string name, KeyKind kind, HashAlgorithmName hashName, HashFunction hash, KeyedHashFunction keyedHash)
    {
        Name = name;
        Kind = kind;
        HashName = hashName;
        Hash = hash;
        KeyedHash = keyedHash;
        _bytes = Encoding.ASCII.GetBytes(name);
    }

    public delegate int HashFunction(ReadOnlySpan<byte> bytes, Span<byte> destination);

    public delegate int KeyedHashFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes, Span<byte> destination);

    /// <summary>All of them, <c>none</c> included, which HAProxy's converters know.</summary>
    public static IReadOnlyList<SignatureAlgorithm> All { get; } =
    [
        new("none", KeyKind.None, default, KeptHash.Sha256, HMACSHA256.HashData),
        .. Three("HS", KeyKind.Secret),
        .. Three("RS", KeyKind.Rsa),
        .. Three("PS", KeyKind.RsaPss),
        .. Three("ES", KeyKind.Curve),
    ];

    public string Name { get; }

    public KeyKind Kind { get; }

    public HashAlgorithmName HashName { get; }

    public HashFunction Hash { get; }

    public KeyedHashFunction KeyedHash { get; }

    /// <summary>The length of its hash, in bytes.</summary>
    public int HashLength => HashName == HashAlgorithmName.SHA256 ? 32 : HashName == HashAlgorithmName.SHA384 ? 48 : 64;

    /// <summary>The algorithm of a name; null for a name that is none.</summary>
    public static SignatureAlgorithm? Find(ReadOnlySpan<byte> name)
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

    private static readonly SignatureAlgorithm[] Known = [.. All];

    private static SignatureAlgorithm[] Three(string prefix, KeyKind kind) =>
    [
        new(prefix + "256", kind, HashAlgorithmName.SHA256, KeptHash.Sha256, HMACSHA256.HashData),
        new(prefix + "384", kind, HashAlgorithmName.SHA384, KeptHash.Sha384, HMACSHA384.HashData),
        new(prefix + "512", kind, HashAlgorithmName.SHA512, KeptHash.Sha512, HMACSHA512.HashData),
    ];
}
