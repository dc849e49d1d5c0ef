using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>Takes keys out of their wrapping by AES (RFC 3394), which .NET has with padding only.</summary>
internal static class AesKeyWrap
{
    private const int Half = 8;
    private const ulong Check = 0xA6A6A6A6A6A6A6A6;

    /// <summary>Takes a key out.</summary>
    /// <param name="key">The key that it was wrapped with: 16, 24 or 32 bytes.</param>
    /// <param name="wrapped">The wrapping: 8 bytes longer than the key.</param>
    /// <param name="unwrapped">Receives the key; of no use where it is not the right one.</param>
    /// <returns>Whether it was wrapped with that key.</returns>
    [SuppressMessage("Security", "CA5358", Justification = "Single blocks, of which the wrapping is made.")]
    public static bool TryUnwrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> wrapped, Span<byte> unwrapped)
    {
        if (wrapped.Length != unwrapped.Length + Half || unwrapped.Length < 2 * Half || unwrapped.Length % Half != 0)
        {
            return false;
        }

        using var aes = Aes.Create();
        aes.SetKey(key);
        var count = unwrapped.Length / Half;
        var register = BinaryPrimitives.ReadUInt64BigEndian(wrapped);
        wrapped[Half..].CopyTo(unwrapped);
        Span<byte> block = stackalloc byte[2 * Half];
        for (var step = 6 * count; step > 0; step--)
        {
            var part = unwrapped.Slice((step - 1) % count * Half, Half);
            BinaryPrimitives.WriteUInt64BigEndian(block, register ^ (ulong)step);
            part.CopyTo(block[Half..]);
            aes.DecryptEcb(block, block, PaddingMode.None);
            register = BinaryPrimitives.ReadUInt64BigEndian(block);
            block[Half..].CopyTo(part);
        }

        CryptographicOperations.ZeroMemory(block);
        return register == Check; // one comparison of one word: it takes the same time whatever differs
    }
}
