using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Crypto;

/// <summary>AES in the modes that converters offer. A wrong key or a changed text is a result here, not an exception as with .NET's own,
/// and Galois/counter mode takes a nonce of any length.</summary>
/// <remarks>Unlike other converters these allocate: .NET makes an object of each cipher.</remarks>
internal static class AesCipher
{
    public const int BlockLength = 16;
    public const int TagLength = 16;

    /// <summary>Encrypts in cipher block chaining mode, padded (RFC 5652 §6.3).</summary>
    [SuppressMessage("Security", "CA5401", Justification = "The configuration gives the initialization vector, as its peer expects.")]
    public static ReadOnlySpan<byte> EncryptCbc(
        Scratch scratch, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> iv, scoped ReadOnlySpan<byte> text)
    {
        using var aes = Create(key);
        var result = scratch.Rent(((text.Length / BlockLength) + 1) * BlockLength);
        aes.EncryptCbc(text, iv, result);
        return result;
    }

    /// <summary>The reverse.</summary>
    public static bool TryDecryptCbc(
        Scratch scratch, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> iv, scoped ReadOnlySpan<byte> text,
        out ReadOnlySpan<byte> result)
    {
        result = default;
        if (text.IsEmpty || text.Length % BlockLength != 0)
        {
            return false;
        }

        using var aes = Create(key);
        var padded = scratch.Rent(text.Length);
        aes.DecryptCbc(text, iv, padded, PaddingMode.None);
        int padding = padded[^1];
        if (padding is 0 or > BlockLength || padded[^padding..].ContainsAnyExcept((byte)padding))
        {
            return false;
        }

        result = padded[..^padding];
        return true;
    }

    /// <summary>Encrypts in Galois/counter mode (NIST SP 800-38D).</summary>
    public static ReadOnlySpan<byte> EncryptGcm(
        Scratch scratch, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> nonce, scoped ReadOnlySpan<byte> text,
        scoped ReadOnlySpan<byte> extra, scoped Span<byte> tag)
    {
        using var aes = Create(key);
        var result = scratch.Rent(text.Length);
        text.CopyTo(result);
        var hash = new GaloisHash(aes);
        var counter = Counter(hash, nonce);
        Xor(aes, counter, result);
        WriteTag(aes, hash, counter, extra, result, tag);
        return result;
    }

    /// <summary>The reverse; false where the tag does not fit.</summary>
    public static bool TryDecryptGcm(
        Scratch scratch, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> nonce, scoped ReadOnlySpan<byte> text,
        scoped ReadOnlySpan<byte> extra, scoped ReadOnlySpan<byte> tag, out ReadOnlySpan<byte> result)
    {
        using var aes = Create(key);
        var hash = new GaloisHash(aes);
        var counter = Counter(hash, nonce);
        Span<byte> expected = stackalloc byte[TagLength];
        WriteTag(aes, hash, counter, extra, text, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            result = default;
            return false;
        }

        var plain = scratch.Rent(text.Length);
        text.CopyTo(plain);
        Xor(aes, counter, plain);
        result = plain;
        return true;
    }

    private static Aes Create(ReadOnlySpan<byte> key)
    {
        var aes = Aes.Create();
        aes.SetKey(key);
        return aes;
    }

    /// <summary>The first counter block (§7.1 step 2).</summary>
    private static UInt128 Counter(GaloisHash hash, ReadOnlySpan<byte> nonce)
    {
        if (nonce.Length != 12)
        {
            return hash.Of(default, nonce);
        }

        Span<byte> block = stackalloc byte[BlockLength];
        nonce.CopyTo(block);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], 1);
        return BinaryPrimitives.ReadUInt128BigEndian(block);
    }

    private static void WriteTag(
        Aes aes, GaloisHash hash, UInt128 counter, ReadOnlySpan<byte> extra, ReadOnlySpan<byte> text, Span<byte> tag)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        BinaryPrimitives.WriteUInt128BigEndian(block, counter);
        EncryptBlock(aes, block, tag);
        var value = hash.Of(extra, text) ^ BinaryPrimitives.ReadUInt128BigEndian(tag);
        BinaryPrimitives.WriteUInt128BigEndian(tag, value);
    }

    private static void Xor(Aes aes, UInt128 counter, Span<byte> text)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        Span<byte> key = stackalloc byte[BlockLength];
        for (var i = 0; i < text.Length; i += BlockLength)
        {
            counter = (counter & ~(UInt128)uint.MaxValue) | ((uint)counter + 1); // only the last 32 bits count
            BinaryPrimitives.WriteUInt128BigEndian(block, counter);
            EncryptBlock(aes, block, key);
            for (var j = 0; j < BlockLength && i + j < text.Length; j++)
            {
                text[i + j] ^= key[j];
            }
        }
    }

    [SuppressMessage("Security", "CA5358", Justification = "Single blocks, of which counter mode is made.")]
    private static void EncryptBlock(Aes aes, ReadOnlySpan<byte> block, Span<byte> destination) =>
        aes.EncryptEcb(block, destination, PaddingMode.None);

    /// <summary>GHASH (§6.4).</summary>
    private readonly struct GaloisHash
    {
        private readonly UInt128 _key;

        public GaloisHash(Aes aes)
        {
            Span<byte> block = stackalloc byte[BlockLength];
            block.Clear();
            Span<byte> key = stackalloc byte[BlockLength];
            EncryptBlock(aes, block, key);
            _key = BinaryPrimitives.ReadUInt128BigEndian(key);
        }

        public UInt128 Of(ReadOnlySpan<byte> extra, ReadOnlySpan<byte> text)
        {
            var hash = Add(Add(UInt128.Zero, extra), text);
            var lengths = ((UInt128)((ulong)extra.Length * 8) << 64) | ((ulong)text.Length * 8);
            return Multiply(hash ^ lengths);
        }

        private UInt128 Add(UInt128 hash, ReadOnlySpan<byte> bytes)
        {
            Span<byte> block = stackalloc byte[BlockLength];
            for (; !bytes.IsEmpty; bytes = bytes[Math.Min(BlockLength, bytes.Length)..])
            {
                block.Clear();
                bytes[..Math.Min(BlockLength, bytes.Length)].CopyTo(block);
                hash = Multiply(hash ^ BinaryPrimitives.ReadUInt128BigEndian(block));
            }

            return hash;
        }

        /// <summary>Multiplies by the key in GF(2^128), without a branch that the bits would show in.</summary>
        private UInt128 Multiply(UInt128 x)
        {
            var product = UInt128.Zero;
            var v = _key;
            for (var i = 127; i >= 0; i--)
            {
                product ^= v & (UInt128.Zero - ((x >> i) & 1));
                v = (v >> 1) ^ (((UInt128)0xE1 << 120) & (UInt128.Zero - (v & 1)));
            }

            return product;
        }
    }
}
