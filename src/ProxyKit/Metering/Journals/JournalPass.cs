namespace ProxyKit.Metering.Journals;

/// <summary>One reading of a journal's events from a place on, and of what cannot be read on the way.</summary>
/// <param name="directory">The journal.</param>
/// <param name="from">The place.</param>
/// <param name="end">Where what the disk has ended, before the directory was read: what is begun later is for the next time.</param>
/// <param name="lastBlock">The number of the block that ends at the place; 0 where that is not known, so that blocks taken out there are not missed.</param>
internal sealed class JournalPass(string directory, JournalPosition from, JournalPosition end, long lastBlock)
{
    private readonly List<UsageEvent> _recorded = [], _handedIn = [];
    private readonly List<JournalDamage> _damage = [];
    private JournalPosition _position;
    private long _missing;

    /// <summary>The number of the last block that was read; 0 where it is not known.</summary>
    public long LastBlock { get; private set; } = lastBlock;

    /// <summary>Reads on.</summary>
    /// <param name="most">How many events are enough.</param>
    public JournalEvents Read(int most)
    {
        _position = from;
        var next = Math.Max(1, from.Segment);
        foreach (var file in Files())
        {
            if (file.First > next)
            {
                _damage.Add(new(JournalDamageKind.Missing, JournalFile.SegmentPath(directory, next), 0, 0) { Segments = file.First - next });
            }

            LastBlock = file.First == next ? LastBlock : 0;
            if (file.IsTotals)
            {
                _missing += file.Last - Math.Max(next, file.First) + 1; // nobody had asked to keep them
                (_position, LastBlock, next) = (new(file.Last + 1, 0), 0, file.Last + 1);
                continue;
            }

            next = file.First + 1;
            if (!ReadSegment(file, most))
            {
                break;
            }
        }

        return new(_recorded, _handedIn, _position, _missing) { Damage = _damage };
    }

    /// <summary>The files that have what lies between the place and the end.</summary>
    private List<JournalFile> Files()
    {
        for (var attempt = 1; ; attempt++)
        {
            var files = JournalFile.List(directory);
            if (!JournalFile.HasGap(files) || attempt == JournalReader.Attempts)
            {
                return files.FindAll(f => f.Last >= from.Segment && f.First <= end.Segment);
            }

            // The directory may have been read while a file took the place of others.
        }
    }

    /// <returns>Whether there is room for more.</returns>
    private bool ReadSegment(JournalFile file, int most)
    {
        var isOpen = file.First == end.Segment;
        var start = file.First == from.Segment ? from.Offset : 0;
        using var reader = new BlockReader(file.Path, start, LastBlock);
        var limit = isOpen ? end.Offset : reader.LengthAtFirst; // nothing is added to one that is not the last
        var (at, seen) = (start, 0);
        while (at < limit && (reader.TryRead() || reader.TrySkipDamage()) && reader.Position <= limit)
        {
            foreach (var place in reader.Damaged.Skip(seen))
            {
                _damage.Add(DamageAt(file, place));
            }

            Parse(reader.Records);
            (at, seen, LastBlock) = (reader.Position, reader.Damaged.Count, reader.LastBlock);
            _position = new(file.First, at);
            if (_recorded.Count + _handedIn.Count >= most)
            {
                return false;
            }
        }

        if (at < limit || (start == 0 && limit == 0))
        {
            var isEmpty = at == 0; // a segment begins with a block
            _damage.Add(new(isEmpty ? JournalDamageKind.CutShort : JournalDamageKind.Unreadable, file.Path, at, limit - at));
            LastBlock = 0;
        }

        _position = isOpen ? new(file.First, limit) : new(file.First + 1, 0);
        return true;
    }

    private JournalDamage DamageAt(JournalFile file, (long Offset, long Bytes) place)
    {
        if (place is not (0, 0))
        {
            return new(place.Bytes > 0 ? JournalDamageKind.Unreadable : JournalDamageKind.CutShort, file.Path, place.Offset, place.Bytes);
        }

        var before = JournalFile.SegmentPath(directory, file.First - 1); // the numbers of blocks go on from one segment to the next
        return new(JournalDamageKind.CutShort, before, File.Exists(before) ? new FileInfo(before).Length : 0, 0);
    }

    private void Parse(ReadOnlySpan<byte> records)
    {
        for (var record = JournalBlock.TakeRecord(ref records); !record.IsEmpty; record = JournalBlock.TakeRecord(ref records))
        {
            if ((UsageRecordKind)record[2] == UsageRecordKind.Event)
            {
                var reader = new UsageRecordReader(record);
                (reader.HasForeignId ? _handedIn : _recorded).Add(reader.ToEvent());
            }
        }
    }
}
