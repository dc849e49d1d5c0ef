using System.Buffers.Binary;
using System.Text;

namespace ProxyKit.Metering.Journals;

/// <summary>A file of sums, in the order of their keys. It appears whole or not at all.</summary>
internal static class TotalsFile
{
    private const int BlockBytes = 64 * 1024;
    private const int HeadBytes = 3 + 4 + 4 + 8; // length and kind, hour, corrected hour, quantity

    /// <summary>Writes sums under a name. One that a record has no room for is written as several, which come to it.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<UsageKey, Int128>> sums, long time)
    {
        var unfinished = path + JournalFile.Unfinished;
        try
        {
            WriteUnfinished(unfinished, sums, time);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished); // it is tried again, with more and so under another name
            throw;
        }

        DirectoryFlush.ToDisk(Path.GetDirectoryName(path)!); // a file has one; what is in the sums is deleted next
    }

    /// <summary>Whether all of a file can be read.</summary>
    public static bool IsWhole(string path)
    {
        var isWhole = true;
        foreach (var sum in Read(path, (_, _) => isWhole = false))
        {
            _ = sum; // only the way matters
        }

        return isWhole;
    }

    /// <summary>Reads the sums.</summary>
    /// <param name="path">The file.</param>
    /// <param name="damaged">Told where bytes cannot be read, and how many, so that the rest may be; null where that is not wanted.</param>
    /// <exception cref="InvalidDataException">The file is not whole, and nobody is told so.</exception>
    public static IEnumerable<KeyValuePair<UsageKey, long>> Read(string path, Action<long, long>? damaged = null)
    {
        using var reader = new BlockReader(path);
        var texts = new Utf8Texts();
        var block = new List<KeyValuePair<UsageKey, long>>();
        var (read, end) = (0L, -1L);
        while (reader.TryRead() || (damaged is not null && reader.TrySkipDamage()))
        {
            block.Clear();
            end = Parse(reader.Records, texts, block);
            read += block.Count;
            foreach (var sum in block)
            {
                yield return sum;
            }
        }

        if (end == read)
        {
            yield break;
        }

        if (damaged is null)
        {
            throw new InvalidDataException($"The usage sums in '{path}' are damaged.");
        }

        foreach (var (offset, bytes) in reader.Damaged)
        {
            damaged(offset, bytes);
        }

        if (end < 0 || reader.Damaged.Count == 0)
        {
            damaged(reader.Position, reader.Length - reader.Position);
        }
    }

    private static void WriteUnfinished(string path, IEnumerable<KeyValuePair<UsageKey, Int128>> sums, long time)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        var block = new byte[BlockBytes];
        var (length, records, total, blocks) = (JournalBlock.HeadBytes, 0, 0L, 0L);
        foreach (var (key, quantity) in sums)
        {
            for (var rest = quantity; rest != 0;)
            {
                if (length > BlockBytes - 1024)
                {
                    Flush();
                }

                var part = long.CreateSaturating(rest);
                length += Write(block.AsSpan(length), key, part);
                rest -= part;
                records++;
                total++;
            }
        }

        if (length > BlockBytes - 1024)
        {
            Flush();
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(length), 11);
        block[length + 2] = (byte)UsageRecordKind.End;
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(length + 3), total);
        length += 11;
        records++;
        Flush();
        file.Flush(flushToDisk: true);

        void Flush()
        {
            JournalBlock.Seal(block.AsSpan(0, length), records, time, ++blocks);
            file.Write(block, 0, length);
            (length, records) = (JournalBlock.HeadBytes, 0);
        }
    }

    private static int Write(Span<byte> record, in UsageKey key, long quantity)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[3..], key.Hour);
        BinaryPrimitives.WriteInt32LittleEndian(record[7..], key.CorrectsHour ?? int.MinValue);
        BinaryPrimitives.WriteInt64LittleEndian(record[11..], quantity);
        var length = HeadBytes;
        foreach (var text in (ReadOnlySpan<string>)[key.Client, key.Tier, key.Meter])
        {
            var bytes = Encoding.UTF8.GetBytes(text, record[(length + 1)..]);
            record[length] = (byte)bytes; // it came out of a record, where it had to fit
            length += 1 + bytes;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)length);
        record[2] = (byte)UsageRecordKind.Total;
        return length;
    }

    /// <returns>How many sums there are in the file, where this is its end; else -1.</returns>
    private static long Parse(ReadOnlySpan<byte> records, Utf8Texts texts, List<KeyValuePair<UsageKey, long>> sums)
    {
        for (var record = JournalBlock.TakeRecord(ref records); !record.IsEmpty; record = JournalBlock.TakeRecord(ref records))
        {
            if ((UsageRecordKind)record[2] == UsageRecordKind.End)
            {
                return BinaryPrimitives.ReadInt64LittleEndian(record[3..]);
            }

            var corrects = BinaryPrimitives.ReadInt32LittleEndian(record[7..]);
            var rest = record[HeadBytes..];
            var key = new UsageKey(
                BinaryPrimitives.ReadInt32LittleEndian(record[3..]), corrects == int.MinValue ? null : corrects, Text(ref rest), Text(ref rest), Text(ref rest));
            sums.Add(new(key, BinaryPrimitives.ReadInt64LittleEndian(record[11..])));
        }

        return -1;

        string Text(ref ReadOnlySpan<byte> rest)
        {
            var text = texts.Of(rest.Slice(1, rest[0]));
            rest = rest[(1 + rest[0])..];
            return text;
        }
    }
}
