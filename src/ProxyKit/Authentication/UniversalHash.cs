using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ProxyKit.Authentication;

/// <summary>
/// Hashes texts to 256 bits under a key of its own that nobody is told: NH with words of 64 bits, twice, the second time with the key moved on by a
/// pair of words (UMAC, RFC 4418 §5.2). Two texts that are not the same have the same hash for one key of 2^126 at most, whatever the texts are, so
/// long as whoever chooses them sees no hash: what a text has in common with another says nothing about it. A sixth of the work of SHA-256.
/// </summary>
/// <remarks>It hides nothing from one who reads the memory of the process, where the key is: for such a one it is no SHA-256, and texts that are easily
/// guessed, as passwords are, should not be kept by it.</remarks>
internal sealed class UniversalHash
{
    private const int PairBytes = 2 * sizeof(ulong);

    private readonly ulong[] _key;

    /// <param name="longest">The most bytes that a text has.</param>
    public UniversalHash(int longest)
    {
        _key = new ulong[2 * ((longest + PairBytes - 1) / PairBytes) + 4]; // a pair for the length, and one to move on by
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_key.AsSpan()));
    }

    /// <summary>Hashes a text.</summary>
    /// <param name="text">Not longer than was said.</param>
    /// <param name="hash">Where to put it: <see cref="TokenCache.HashLength"/> bytes.</param>
    public void Compute(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        ReadOnlySpan<ulong> key = _key;

        // The length stands before, so that texts that differ by zeros at their ends differ in a word.
        UInt128 first = Product((ulong)text.Length, 0, key), second = Product((ulong)text.Length, 0, key[2..]);
        var words = MemoryMarshal.Cast<byte, ulong>(text[..^(text.Length % PairBytes)]);
        for (key = key[2..]; words.Length >= 2; words = words[2..], key = key[2..])
        {
            first += Product(words[0], words[1], key);
            second += Product(words[0], words[1], key[2..]);
        }

        Span<ulong> rest = [0, 0];
        if (text.Length % PairBytes is > 0 and var left)
        {
            text[^left..].CopyTo(MemoryMarshal.AsBytes(rest));
            first += Product(rest[0], rest[1], key);
            second += Product(rest[0], rest[1], key[2..]);
        }

        BinaryPrimitives.WriteUInt128LittleEndian(hash, first);
        BinaryPrimitives.WriteUInt128LittleEndian(hash[PairBytes..], second);
    }

    private static UInt128 Product(ulong a, ulong b, ReadOnlySpan<ulong> key) => Math.BigMul(a + key[0], b + key[1]);
}
