using System.Buffers.Binary;
using System.Numerics;

namespace System.IO.Hashing;

/// <summary>The 64-bit xxHash with seed 0, as its specification describes it.</summary>
public static class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    /// <summary>The hash of <paramref name="source"/> in canonical form: eight bytes, most significant first.</summary>
    public static byte[] Hash(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var hash = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(hash, Compute(source));
        return hash;
    }

    private static ulong Compute(ReadOnlySpan<byte> input)
    {
        var length = (ulong)input.Length;
        var hash = (input.Length >= 32 ? FoldStripes(ref input) : Prime5) + length;

        for (; input.Length >= 8; input = input[8..])
            hash = BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(input)), 27) * Prime1 + Prime4;
        if (input.Length >= 4)
        {
            hash = BitOperations.RotateLeft(hash ^ BinaryPrimitives.ReadUInt32LittleEndian(input) * Prime1, 23) * Prime2 + Prime3;
            input = input[4..];
        }
        foreach (var single in input)
            hash = BitOperations.RotateLeft(hash ^ single * Prime5, 11) * Prime1;

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong FoldStripes(ref ReadOnlySpan<byte> input)
    {
        ulong lane1 = unchecked(Prime1 + Prime2), lane2 = Prime2, lane3 = 0, lane4 = unchecked(0 - Prime1);
        for (; input.Length >= 32; input = input[32..])
        {
            lane1 = Round(lane1, BinaryPrimitives.ReadUInt64LittleEndian(input));
            lane2 = Round(lane2, BinaryPrimitives.ReadUInt64LittleEndian(input[8..]));
            lane3 = Round(lane3, BinaryPrimitives.ReadUInt64LittleEndian(input[16..]));
            lane4 = Round(lane4, BinaryPrimitives.ReadUInt64LittleEndian(input[24..]));
        }

        var hash = BitOperations.RotateLeft(lane1, 1) + BitOperations.RotateLeft(lane2, 7)
                 + BitOperations.RotateLeft(lane3, 12) + BitOperations.RotateLeft(lane4, 18);
        hash = Merge(hash, lane1);
        hash = Merge(hash, lane2);
        hash = Merge(hash, lane3);
        return Merge(hash, lane4);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * Prime2, 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => (hash ^ Round(0, lane)) * Prime1 + Prime4;
}
