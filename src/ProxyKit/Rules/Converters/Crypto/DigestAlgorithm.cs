using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ProxyKit.Rules.Converters.Hashes;

namespace ProxyKit.Rules.Converters.Crypto;

/// <summary>A cryptographic hash by its name.</summary>
internal sealed class DigestAlgorithm
{
    private DigestAlgorithm(string name, int length, HashFunction hash, KeyedHashFunction keyedHash)
    {
        Name = name;
        Length = length;
        Hash = hash;
        KeyedHash = keyedHash;
    }

    public delegate int HashFunction(ReadOnlySpan<byte> bytes, Span<byte> destination);

    public delegate int KeyedHashFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes, Span<byte> destination);

    /// <summary>The longest result there is.</summary>
    public static int MaxLength => 64;

    public static DigestAlgorithm Sha1 { get; } = OfSha1();

    public static DigestAlgorithm Sha224 { get; } = new("sha224", Hashes.Sha224.Length, HashSha224, HmacSha224);

    public static DigestAlgorithm Sha256 { get; } = new("sha256", 32, SHA256.HashData, HMACSHA256.HashData);

    public static DigestAlgorithm Sha384 { get; } = new("sha384", 48, SHA384.HashData, HMACSHA384.HashData);

    public static DigestAlgorithm Sha512 { get; } = new("sha512", 64, SHA512.HashData, HMACSHA512.HashData);

    public string Name { get; }

    /// <summary>The length of its results, in bytes.</summary>
    public int Length { get; }

    public HashFunction Hash { get; }

    public KeyedHashFunction KeyedHash { get; }

    /// <summary>The algorithm of a name, in any case; null where there is none.</summary>
    public static DigestAlgorithm? Find(string name) => name.ToUpperInvariant() switch
    {
        "MD5" => OfMd5(),
        "SHA1" or "SHA-1" or "SSL3-SHA1" => Sha1,
        "SHA224" or "SHA2-224" or "SHA-224" => Sha224,
        "SHA256" or "SHA2-256" or "SHA-256" => Sha256,
        "SHA384" or "SHA2-384" or "SHA-384" => Sha384,
        "SHA512" or "SHA2-512" or "SHA-512" => Sha512,
        "SHA3-256" when SHA3_256.IsSupported => new("sha3-256", 32, SHA3_256.HashData, HMACSHA3_256.HashData),
        "SHA3-384" when SHA3_384.IsSupported => new("sha3-384", 48, SHA3_384.HashData, HMACSHA3_384.HashData),
        "SHA3-512" when SHA3_512.IsSupported => new("sha3-512", 64, SHA3_512.HashData, HMACSHA3_512.HashData),
        _ => null,
    };

    [SuppressMessage("Security", "CA5351", Justification = "The configuration asks for it by name, for what still uses it.")]
    private static DigestAlgorithm OfMd5() => new("md5", 16, MD5.HashData, HMACMD5.HashData);

    [SuppressMessage("Security", "CA5350", Justification = "The configuration asks for it by name, for what still uses it.")]
    private static DigestAlgorithm OfSha1() => new("sha1", 20, SHA1.HashData, HMACSHA1.HashData);

    private static int HashSha224(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        Hashes.Sha224.Hash(bytes, destination);
        return Hashes.Sha224.Length;
    }

    /// <summary>HMAC (RFC 2104).</summary>
    private static int HmacSha224(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        const int Block = 64;
        if (key.Length > Block)
        {
            var shortKey = new byte[Hashes.Sha224.Length];
            Hashes.Sha224.Hash(key, shortKey);
            key = shortKey;
        }

        var inner = new byte[Block + bytes.Length];
        Span<byte> outer = stackalloc byte[Block + Hashes.Sha224.Length];
        key.CopyTo(inner);
        key.CopyTo(outer);
        for (var i = 0; i < Block; i++)
        {
            inner[i] ^= 0x36;
            outer[i] = (byte)((i < key.Length ? key[i] : 0) ^ 0x5C);
        }

        bytes.CopyTo(inner.AsSpan(Block));
        Hashes.Sha224.Hash(inner, outer[Block..]);
        Hashes.Sha224.Hash(outer, destination);
        return Hashes.Sha224.Length;
    }
}
