namespace ProxyKit.Metering.Journals;

/// <summary>Reads a journal, also one that another process writes to and compacts.</summary>
internal static class JournalReader
{
    /// <summary>How often a directory is read in which segments are missing: it may have been read while a file took the place of others.</summary>
    public const int Attempts = 10;

    /// <summary>Adds up what was used, as far as it can be read.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (UsageSums Sums, JournalJudge Judge) Sum(string directory, UsageQuery query)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (sums, judge) = (new UsageSums(query), new JournalJudge(directory));
            try
            {
                var files = JournalFile.List(directory);
                if (JournalFile.HasGap(files) && attempt < Attempts)
                {
                    continue; // the directory may have been read while a file took the place of others
                }

                foreach (var file in files)
                {
                    judge.Enter(file);
                    Add(file, sums, judge);
                }

                judge.AddSetAside();
                return (sums, judge);
            }
            catch (FileNotFoundException) when (attempt < Attempts)
            {
                // It was compacted in the meantime: what is gone is in another file, and all of it is read anew, so that nothing counts twice.
            }
        }
    }

    /// <summary>The single events that are still kept, as they were written. A segment that is summed up meanwhile has none any more.</summary>
    public static IEnumerable<UsageEvent> Events(string directory)
    {
        var events = new List<UsageEvent>();
        foreach (var file in JournalFile.List(directory).Where(static f => !f.IsTotals))
        {
            using var reader = OpenIfThere(file.Path);
            while (reader is not null && (reader.TryRead() || reader.TrySkipDamage()))
            {
                events.Clear();
                Parse(reader.Records, events);
                foreach (var e in events)
                {
                    yield return e;
                }
            }
        }
    }

    /// <summary>Until when all is closed, by the newest segment that can be read whole; one that has only been begun says nothing yet.</summary>
    public static DateTimeOffset? ClosedUntil(string directory)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var state = new SegmentState(knownIds: 0);
                foreach (var segment in JournalFile.List(directory).Where(static f => !f.IsTotals).Reverse())
                {
                    using var reader = new BlockReader(segment.Path);
                    while (reader.TryRead() || reader.TrySkipDamage())
                    {
                        state.See(reader.Records);
                    }

                    if (reader.Position > 0 && reader.DamagedBytes == 0)
                    {
                        break;
                    }
                }

                return ToTime(state.ClosedUntil);
            }
            catch (FileNotFoundException) when (attempt < Attempts)
            {
                // It was compacted in the meantime.
            }
        }
    }

    /// <summary>A moment as a time; null where there is none.</summary>
    public static DateTimeOffset? ToTime(long closedUntil) =>
        closedUntil == long.MinValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(closedUntil);

    /// <summary>Takes the events among records.</summary>
    public static void Parse(ReadOnlySpan<byte> records, List<UsageEvent> events)
    {
        for (var record = JournalBlock.TakeRecord(ref records); !record.IsEmpty; record = JournalBlock.TakeRecord(ref records))
        {
            if ((UsageRecordKind)record[2] == UsageRecordKind.Event)
            {
                events.Add(new UsageRecordReader(record).ToEvent());
            }
        }
    }

    private static void Add(JournalFile file, UsageSums sums, JournalJudge judge)
    {
        if (file.IsTotals)
        {
            foreach (var (key, quantity) in TotalsFile.Read(file.Path, (offset, bytes) => judge.Note(file, offset, bytes)))
            {
                sums.Add(key, quantity);
            }

            return;
        }

        using var reader = judge.Open(file);
        new SegmentSums(sums).Add(reader);
        judge.See(reader);
        judge.Leave(reader.LengthAtFirst); // it may be written to
    }

    private static BlockReader? OpenIfThere(string path)
    {
        try
        {
            return new BlockReader(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
