using System.Numerics;

namespace ProxyKit.Balancing.Hashes;

/// <summary>The 32-bit hash functions that balancing knows: short, and the same on every machine.</summary>
internal static class StringHash
{
    /// <summary>Of the sdbm database library; HAProxy's default.</summary>
    public static uint Sdbm(ReadOnlySpan<byte> bytes) => Polynomial(0, 65599, bytes);

    /// <summary>Bernstein's.</summary>
    public static uint Djb2(ReadOnlySpan<byte> bytes) => Polynomial(5381, 33, bytes);

    /// <summary>Tarreau's, for keys that differ little.</summary>
    public static uint Wt6(ReadOnlySpan<byte> bytes)
    {
        uint h0 = 0xa53c965a, h1 = 0x5ca6953a;
        var (step0, step1) = (6, 18);
        foreach (var b in bytes)
        {
            h0 = ~(h0 ^ b);
            h1 = ~(h1 + b);
            var rotated = BitOperations.RotateLeft(h1, step0);
            h1 = BitOperations.RotateLeft(h0, step1);
            h0 = rotated;
            var steps = ((h0 >> 16) ^ h1) & 0xffff;
            step0 = (int)(steps & 31);
            step1 = (int)(steps >> 11);
        }

        return h0 ^ h1;
    }

    /// <summary>Each byte is added to a multiple of what those before it came to. Four are taken at once, so that one multiplication waits for another
    /// only a quarter as often.</summary>
    private static uint Polynomial(uint hash, uint factor, ReadOnlySpan<byte> bytes)
    {
        var square = factor * factor;
        var (cube, fourth) = (square * factor, square * square);
        while (bytes.Length >= 4)
        {
            hash = (hash * fourth) + (bytes[0] * cube) + (bytes[1] * square) + (bytes[2] * factor) + bytes[3];
            bytes = bytes[4..];
        }

        foreach (var b in bytes)
        {
            hash = (hash * factor) + b;
        }

        return hash;
    }
}
