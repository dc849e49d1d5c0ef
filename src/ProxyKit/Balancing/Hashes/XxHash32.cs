using System.Buffers.Binary;
using System.Numerics;

namespace ProxyKit.Balancing.Hashes;

/// <summary>XXH32.</summary>
internal static class XxHash32
{
    private const uint P1 = 2654435761, P2 = 2246822519, P3 = 3266489917, P4 = 668265263, P5 = 374761393;

    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var length = (uint)bytes.Length;
        uint hash;
        if (bytes.Length >= 16)
        {
            var (a, b, c, d) = (seed + P1 + P2, seed + P2, seed, seed - P1);
            for (; bytes.Length >= 16; bytes = bytes[16..])
            {
                a = Round(a, Read(bytes));
                b = Round(b, Read(bytes[4..]));
                c = Round(c, Read(bytes[8..]));
                d = Round(d, Read(bytes[12..]));
            }

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12)
                + BitOperations.RotateLeft(d, 18);
        }
        else
        {
            hash = seed + P5;
        }

        hash += length;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            hash = BitOperations.RotateLeft(hash + (Read(bytes) * P3), 17) * P4;
        }

        foreach (var b in bytes)
        {
            hash = BitOperations.RotateLeft(hash + (b * P5), 11) * P1;
        }

        hash = (hash ^ (hash >> 15)) * P2;
        hash = (hash ^ (hash >> 13)) * P3;
        return hash ^ (hash >> 16);
    }

    private static uint Round(uint accumulator, uint input) => BitOperations.RotateLeft(accumulator + (input * P2), 13) * P1;

    private static uint Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
