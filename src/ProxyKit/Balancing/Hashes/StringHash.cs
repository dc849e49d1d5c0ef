using System.Numerics;

namespace ProxyKit.Balancing.Hashes;

/// <summary>The 32-bit hash functions that balancing knows: short, and the same on every machine.</summary>
internal static class StringHash
{
    /// <summary>Of the sdbm database library; HAProxy's default.</summary>
    public static uint Sdbm(ReadOnlySpan<byte> bytes)
    {
        uint hash = 0;
        foreach (var b in bytes)
        {
            hash = b + (hash << 6) + (hash << 16) - hash;
        }

        return hash;
    }

    /// <summary>Bernstein's.</summary>
    public static uint Djb2(ReadOnlySpan<byte> bytes)
    {
        uint hash = 5381;
        foreach (var b in bytes)
        {
            hash = (hash * 33) + b;
        }

        return hash;
    }

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
}
