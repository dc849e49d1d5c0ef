using System.Buffers.Binary;
using System.Security.Cryptography;
using ProxyKit.Rules.Converters.Crypto;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>How the content of a token is encrypted (RFC 7518 §5).</summary>
/// <param name="Name">Its name in headers.</param>
/// <param name="KeyLength">How long its key is.</param>
/// <param name="Hash">What vouches for the content in cipher block chaining mode; null in Galois/counter mode, which does so itself.</param>
internal sealed record JweEncryption(string Name, int KeyLength, HashAlgorithmName? Hash = null)
{
    /// <summary>The longest key of any.</summary>
    public const int LongestKey = 64;

    private static readonly JweEncryption[] All =
    [
        new("A128CBC-HS256", 32, HashAlgorithmName.SHA256),
        new("A192CBC-HS384", 48, HashAlgorithmName.SHA384),
        new("A256CBC-HS512", LongestKey, HashAlgorithmName.SHA512),
        new("A128GCM", 16),
        new("A192GCM", 24),
        new("A256GCM", 32),
    ];

    /// <summary>The encryption of a name; null where there is none.</summary>
    public static JweEncryption? Find(ReadOnlySpan<byte> name)
    {
        foreach (var encryption in All)
        {
            if (System.Text.Ascii.Equals(name, encryption.Name))
            {
                return encryption;
            }
        }

        return null;
    }

    /// <summary>Decrypts what the tag vouches for, and nothing else.</summary>
    public bool TryDecrypt(Scratch scratch, scoped ReadOnlySpan<byte> key, scoped in JweToken token, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (Hash is not { } hash)
        {
            return token.Vector.Length == 12 && token.Tag.Length == AesCipher.TagLength
                && AesCipher.TryDecryptGcm(scratch, key, token.Vector, token.Content, token.Header, token.Tag, out content);
        }

        var half = KeyLength / 2;
        if (token.Vector.Length != AesCipher.BlockLength || token.Tag.Length != half || !Vouches(hash, key[..half], in token))
        {
            return false;
        }

        return AesCipher.TryDecryptCbc(scratch, key[half..], token.Vector, token.Content, out content);
    }

    /// <summary>RFC 7518 §5.2.2.2: the tag is the first half of a keyed hash over header, vector, content and the header's length in bits.</summary>
    private static bool Vouches(HashAlgorithmName name, scoped ReadOnlySpan<byte> key, scoped in JweToken token)
    {
        using var hash = IncrementalHash.CreateHMAC(name, key);
        Span<byte> bits = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bits, (ulong)token.Header.Length * 8);
        hash.AppendData(token.Header);
        hash.AppendData(token.Vector);
        hash.AppendData(token.Content);
        hash.AppendData(bits);
        Span<byte> result = stackalloc byte[64];
        var length = hash.GetHashAndReset(result);
        return CryptographicOperations.FixedTimeEquals(result[..(length / 2)], token.Tag);
    }
}
