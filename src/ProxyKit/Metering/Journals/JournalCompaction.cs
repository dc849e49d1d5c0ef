namespace ProxyKit.Metering.Journals;

/// <summary>Puts sums in the place of old segments. A file of sums has the numbers of the segments whose events are in it, and counts instead of
/// them from the moment it appears; so whenever the process ends, each event counts once.</summary>
internal static class JournalCompaction
{
    /// <summary>Beyond so many files of sums one takes the place of all.</summary>
    private const int MostTotals = 16;

    private static readonly UsageQuery Hourly = new();

    /// <summary>Sums up the segments that are old enough.</summary>
    /// <param name="directory">The journal.</param>
    /// <param name="current">The segment that is written to, or one before it that is still needed: it stays, and those behind it.</param>
    /// <param name="until">Segments whose last event was written later stay too, and those behind them.</param>
    /// <param name="now">The time.</param>
    public static void Compact(string directory, long current, DateTimeOffset until, DateTimeOffset now)
    {
        foreach (var segment in JournalFile.List(directory).Where(f => !f.IsTotals && f.First < current))
        {
            if (!TryCompact(directory, segment, until.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()))
            {
                break;
            }
        }

        var totals = JournalFile.List(directory).TakeWhile(static f => f.IsTotals).ToList();
        if (totals.Count > MostTotals)
        {
            TotalsFile.Write(
                JournalFile.TotalsPath(directory, totals[0].First, totals[^1].Last),
                Merge([.. totals.Select(static t => TotalsFile.Read(t.Path))]),
                now.ToUnixTimeMilliseconds());
            totals.ForEach(static t => File.Delete(t.Path));
        }
    }

    /// <summary>The sums of several sources, each in the order of its keys; holds one of each in memory.</summary>
    public static IEnumerable<KeyValuePair<UsageKey, long>> Merge(IReadOnlyList<IEnumerable<KeyValuePair<UsageKey, long>>> sources)
    {
        var next = new PriorityQueue<IEnumerator<KeyValuePair<UsageKey, long>>, UsageKey>();
        foreach (var source in sources)
        {
            Enqueue(source.GetEnumerator());
        }

        while (next.TryDequeue(out var first, out var key))
        {
            var sum = first.Current.Value;
            Enqueue(first);
            while (next.TryPeek(out var same, out var other) && other == key)
            {
                next.Dequeue();
                sum = checked(sum + same.Current.Value);
                Enqueue(same);
            }

            if (sum != 0)
            {
                yield return new(key, sum);
            }
        }

        void Enqueue(IEnumerator<KeyValuePair<UsageKey, long>> source)
        {
            if (source.MoveNext())
            {
                next.Enqueue(source, source.Current.Key);
            }
            else
            {
                source.Dispose();
            }
        }
    }

    private static bool TryCompact(string directory, JournalFile segment, long until, long now)
    {
        var sums = new UsageSums(Hourly);
        bool isDamaged;
        using (var reader = new BlockReader(segment.Path))
        {
            if (new SegmentSums(sums).Add(reader) > until)
            {
                return false;
            }

            isDamaged = reader.DamagedBytes > 0 || reader.Position < reader.Length;
        }

        TotalsFile.Write(JournalFile.TotalsPath(directory, segment.First, segment.Last), sums.Sorted(), now);
        if (isDamaged)
        {
            File.Move(segment.Path, segment.Path + ".damaged", overwrite: true); // what cannot be read is not thrown away
        }
        else
        {
            File.Delete(segment.Path);
        }

        return true;
    }
}
