namespace ProxyKit.Metering.Journals;

/// <summary>One reading of a journal's events from a place on, and of what cannot be read on the way.</summary>
/// <param name="directory">The journal.</param>
/// <param name="from">The place.</param>
/// <param name="end">Where what the disk has ended, before the directory was read: what is begun later is for the next time.</param>
/// <param name="lastBlock">The number of the block that ends at the place; 0 where that is not known, so that blocks taken out there are not missed.</param>
internal sealed class JournalPass(string directory, JournalPosition from, JournalPosition end, long lastBlock)
{
    private readonly List<UsageEvent> _recorded = [], _handedIn = [];
    private readonly JournalJudge _judge = new(directory, Math.Max(1, from.Segment), lastBlock);
    private JournalPosition _position;

    /// <summary>The number of the last block that was read; 0 where it is not known.</summary>
    public long LastBlock => _judge.LastBlock;

    /// <summary>Reads on.</summary>
    /// <param name="most">How many events are enough.</param>
    public JournalEvents Read(int most)
    {
        _position = from;
        var (next, missing) = (Math.Max(1, from.Segment), 0L);
        foreach (var file in Files())
        {
            _judge.Enter(file);
            if (file.IsTotals)
            {
                missing += Math.Min(file.Last, end.Segment) - Math.Max(next, file.First) + 1; // nobody had asked to keep them
                var behind = new JournalPosition(file.Last + 1, 0);
                _position = behind < end ? behind : end;
            }
            else if (!ReadSegment(file, most))
            {
                break;
            }

            next = file.Last + 1;
        }

        _judge.Settle(); // nothing behind the end was looked at
        return new(_recorded, _handedIn, _position, missing) { Damage = _judge.Damage };
    }

    /// <summary>The files that have what lies between the place and the end.</summary>
    private List<JournalFile> Files()
    {
        for (var attempt = 1; ; attempt++)
        {
            var files = JournalFile.List(directory);
            if (!JournalFile.HasGap(files) || attempt == JournalReader.Attempts)
            {
                return files.FindAll(f => f.Last >= from.Segment && new JournalPosition(f.First, 0) < end);
            }

            // The directory may have been read while a file took the place of others.
        }
    }

    /// <returns>Whether there is room for more.</returns>
    private bool ReadSegment(JournalFile file, int most)
    {
        var isOpen = file.First == end.Segment;
        var at = file.First == from.Segment ? from.Offset : 0;
        using var reader = _judge.Open(file, at);
        var limit = isOpen ? end.Offset : reader.LengthAtFirst; // nothing is added to one that is not the last
        while (at < limit && (reader.TryRead() || reader.TrySkipDamage()) && reader.Position <= limit)
        {
            _judge.See(reader);
            Parse(reader.Records);
            at = reader.Position;
            _position = new(file.First, at);
            if (_recorded.Count + _handedIn.Count >= most)
            {
                return false;
            }
        }

        _judge.Leave(limit);
        _position = isOpen ? new(file.First, limit) : new(file.First + 1, 0);
        return true;
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
