using System.Buffers.Binary;

namespace ProxyKit.Metering.Journals;

/// <summary>What who reads a journal in its order has to keep in mind: until when all is closed, and which ids were there lately.</summary>
internal sealed class SegmentState(int knownIds)
{
    private const int IdsTogether = 2048; // in one record
    private const int CloseBytes = 11;

    private readonly Queue<UInt128> _ids = [];

    /// <summary>What happened before is late, in milliseconds since 1970.</summary>
    public long ClosedUntil { get; set; } = long.MinValue;

    /// <summary>The ids that were handed in, the oldest first.</summary>
    public IReadOnlyCollection<UInt128> Ids => _ids;

    /// <summary>Takes the records of a block into account.</summary>
    public void See(ReadOnlySpan<byte> records)
    {
        for (var record = JournalBlock.TakeRecord(ref records); !record.IsEmpty; record = JournalBlock.TakeRecord(ref records))
        {
            SeeOne(record);
        }
    }

    /// <summary>Takes a record into account.</summary>
    public void SeeOne(ReadOnlySpan<byte> record)
    {
        switch ((UsageRecordKind)record[2])
        {
            case UsageRecordKind.Event:
                var e = new UsageRecordReader(record);
                if (e.HasForeignId)
                {
                    Add(e.Id);
                }

                break;
            case UsageRecordKind.Close:
                ClosedUntil = Math.Max(ClosedUntil, BinaryPrimitives.ReadInt64LittleEndian(record[3..]));
                break;
            case UsageRecordKind.Ids:
                for (var rest = record[3..]; rest.Length >= 16; rest = rest[16..])
                {
                    Add(BinaryPrimitives.ReadUInt128LittleEndian(rest));
                }

                break;
        }
    }

    /// <summary>How many bytes <see cref="Write"/> takes.</summary>
    public long Length => CloseBytes + (_ids.Count * 16L) + ((_ids.Count + IdsTogether - 1) / IdsTogether * 3L);

    /// <summary>Writes what the next segment begins with, so that it can be read without those before it.</summary>
    /// <returns>The number of records.</returns>
    public int Write(MemoryStream records)
    {
        Span<byte> close = stackalloc byte[CloseBytes];
        WriteClose(close, ClosedUntil);
        records.Write(close);
        var count = 1;
        foreach (var chunk in _ids.Chunk(IdsTogether))
        {
            var record = new byte[3 + (chunk.Length * 16)];
            BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)record.Length);
            record[2] = (byte)UsageRecordKind.Ids;
            foreach (var (index, id) in chunk.Index())
            {
                BinaryPrimitives.WriteUInt128LittleEndian(record.AsSpan(3 + (index * 16)), id);
            }

            records.Write(record);
            count++;
        }

        return count;
    }

    public static void WriteClose(Span<byte> record, long until)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(record, CloseBytes);
        record[2] = (byte)UsageRecordKind.Close;
        BinaryPrimitives.WriteInt64LittleEndian(record[3..], until);
    }

    private void Add(UInt128 id)
    {
        if (knownIds == 0)
        {
            return;
        }

        if (_ids.Count == knownIds)
        {
            _ids.Dequeue();
        }

        _ids.Enqueue(id);
    }
}
