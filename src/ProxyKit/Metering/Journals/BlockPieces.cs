using System.Buffers.Binary;

namespace ProxyKit.Metering.Journals;

/// <summary>A block whose records lie in several places, as they do in the lanes that they come from: written from there, behind one head and under one
/// checksum.</summary>
internal sealed class BlockPieces
{
    /// <summary>How long a block becomes: what one holds is brought elsewhere at once.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private readonly byte[] _head = new byte[JournalBlock.HeadBytes];
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private int _records;

    public BlockPieces() => Clear();

    /// <summary>How long it is, with its head.</summary>
    public int Length { get; private set; }

    /// <summary>Whether it has records.</summary>
    public bool IsEmpty => _records == 0;

    /// <summary>The head, and the records in their order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces => _pieces;

    /// <summary>Adds records, as many as there is room for.</summary>
    /// <returns>Those that there is no room for.</returns>
    public ReadOnlyMemory<byte> Add(ReadOnlyMemory<byte> records)
    {
        var span = records.Span;
        var taken = 0;
        while (taken < span.Length && BinaryPrimitives.ReadUInt16LittleEndian(span[taken..]) is var next && Length + taken + next <= MostBytes)
        {
            taken += next;
            _records++;
        }

        if (taken > 0)
        {
            _pieces.Add(records[..taken]);
            Length += taken;
        }

        return records[taken..];
    }

    /// <summary>Fills in the head.</summary>
    public void Seal(long time, long number) => JournalBlock.Seal(_pieces, _head, Length, _records, time, number);

    /// <summary>Begins another one.</summary>
    public void Clear()
    {
        _pieces.Clear();
        _pieces.Add(_head);
        (Length, _records) = (_head.Length, 0);
    }
}
