using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ProxyKit.Metering.Journals;

/// <summary>What a journal's files are made of: a head, and records that were written at once, under one checksum.</summary>
/// <remarks>The head: <c>PKUB</c> (4 bytes), length of the records (4), CRC32C of all that follows (4), number of records (4), when it was written in
/// milliseconds since 1970 (8), number of the block (8). Numbers are little-endian.</remarks>
internal static class JournalBlock
{
    public const int HeadBytes = 32;

    /// <summary>What no block is longer than: a length beyond it was never written.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    private const uint Magic = 0x4255_4B50;
    private const int CheckedFrom = 12;

    /// <summary>Fills in the head of a block whose records are there.</summary>
    public static void Seal(Span<byte> block, int records, long time, long number)
    {
        WriteHead(block, block.Length - HeadBytes, records, time, number);
        WriteChecksum(block, Crc32C(uint.MaxValue, block[CheckedFrom..]));
    }

    /// <summary>Fills in the head of a block whose records lie in several pieces.</summary>
    /// <param name="pieces">The head, and the records behind it.</param>
    /// <param name="head">The head.</param>
    /// <param name="length">How long all of them are.</param>
    /// <param name="records">How many there are.</param>
    /// <param name="time">When it is written, in milliseconds since 1970.</param>
    /// <param name="number">The block's number.</param>
    public static void Seal(IReadOnlyList<ReadOnlyMemory<byte>> pieces, Span<byte> head, int length, int records, long time, long number)
    {
        WriteHead(head, length - HeadBytes, records, time, number);
        var crc = Crc32C(uint.MaxValue, head[CheckedFrom..]);
        for (var i = 1; i < pieces.Count; i++)
        {
            crc = Crc32C(crc, pieces[i].Span);
        }

        WriteChecksum(head, crc);
    }

    /// <summary>The length of the block that a head begins; 0 where it is none.</summary>
    public static int LengthOf(ReadOnlySpan<byte> head)
    {
        if (head.Length < HeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        return length is < 0 or > MaxBytes - HeadBytes ? 0 : length + HeadBytes;
    }

    /// <summary>Whether a block is what was written.</summary>
    /// <param name="block">The block, whole.</param>
    public static bool IsWhole(ReadOnlySpan<byte> block) =>
        BinaryPrimitives.ReadUInt32LittleEndian(block[8..]) == ~Crc32C(uint.MaxValue, block[CheckedFrom..]);

    public static long TimeOf(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadInt64LittleEndian(block[16..]);

    public static long NumberOf(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadInt64LittleEndian(block[24..]);

    /// <summary>Takes the next record off a block's records; empty where there is none.</summary>
    public static ReadOnlySpan<byte> TakeRecord(ref ReadOnlySpan<byte> records)
    {
        if (records.Length < 3)
        {
            return default;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(records);
        if (length < 3 || length > records.Length)
        {
            return default; // of a later version: the checksum says that it was written so
        }

        var record = records[..length];
        records = records[length..];
        return record;
    }

    private static void WriteHead(Span<byte> head, int length, int records, long time, long number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], length);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], records);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], time);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], number);
    }

    private static void WriteChecksum(Span<byte> head, uint crc) => BinaryPrimitives.WriteUInt32LittleEndian(head[8..], ~crc);

    /// <summary>Goes on with a checksum, which begins with all bits set and is turned over at the end.</summary>
    private static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var b in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
