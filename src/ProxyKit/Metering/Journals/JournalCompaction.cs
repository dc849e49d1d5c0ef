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
    /// <param name="damaged">The files of sums that were found damaged before, which are left alone; takes those that are found now.</param>
    public static void Compact(string directory, long current, DateTimeOffset until, DateTimeOffset now, HashSet<string> damaged)
    {
        var files = JournalFile.List(directory);
        foreach (var (index, segment) in files.Index().Where(f => !f.Item.IsTotals && f.Item.First < current))
        {
            if (!TryCompact(directory, segment, files[(index + 1)..], until.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()))
            {
                break;
            }
        }

        var totals = new List<JournalFile>();
        foreach (var file in JournalFile.List(directory).TakeWhile(static f => f.IsTotals))
        {
            // A segment that is missing here would be hidden by one file of both sides.
            var isDamaged = damaged.Contains(file.Path);
            if (isDamaged || (totals.Count > 0 && totals[^1].Last + 1 != file.First))
            {
                MergeMany(directory, totals, now, damaged);
                totals.Clear();
            }

            if (!isDamaged)
            {
                totals.Add(file);
            }
        }

        MergeMany(directory, totals, now, damaged);
    }

    /// <summary>Does away with a segment whose events are in sums. What of it cannot be read is not thrown away.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="isWhole">Whether all of it could be read.</param>
    public static void Discard(JournalFile segment, bool isWhole)
    {
        if (isWhole)
        {
            File.Delete(segment.Path);
        }
        else
        {
            File.Move(segment.Path, segment.Path + JournalFile.Damaged, overwrite: true);
        }
    }

    /// <summary>The sums of several sources, each in the order of its keys; holds one of each in memory.</summary>
    public static IEnumerable<KeyValuePair<UsageKey, Int128>> Merge(IReadOnlyList<IEnumerable<KeyValuePair<UsageKey, long>>> sources)
    {
        var open = sources.Select(static s => s.GetEnumerator()).ToList();
        try
        {
            var next = new PriorityQueue<IEnumerator<KeyValuePair<UsageKey, long>>, UsageKey>();
            open.ForEach(source => Enqueue(next, source));
            while (next.TryDequeue(out var first, out var key))
            {
                Int128 sum = first.Current.Value;
                Enqueue(next, first);
                while (next.TryPeek(out var same, out var other) && other == key)
                {
                    next.Dequeue();
                    sum += same.Current.Value;
                    Enqueue(next, same);
                }

                if (sum != 0)
                {
                    yield return new(key, sum);
                }
            }
        }
        finally
        {
            open.ForEach(static s => s.Dispose()); // files, also where one of them cannot be read
        }
    }

    private static void Enqueue(PriorityQueue<IEnumerator<KeyValuePair<UsageKey, long>>, UsageKey> next, IEnumerator<KeyValuePair<UsageKey, long>> source)
    {
        if (source.MoveNext())
        {
            next.Enqueue(source, source.Current.Key);
        }
    }

    private static void MergeMany(string directory, List<JournalFile> totals, DateTimeOffset now, HashSet<string> damaged)
    {
        if (totals.Count <= MostTotals)
        {
            return;
        }

        try
        {
            TotalsFile.Write(
                JournalFile.TotalsPath(directory, totals[0].First, totals[^1].Last),
                Merge([.. totals.Select(static t => TotalsFile.Read(t.Path))]),
                now.ToUnixTimeMilliseconds());
        }
        catch (InvalidDataException)
        {
            var place = totals.FindIndex(static t => !TotalsFile.IsWhole(t.Path));
            if (place < 0)
            {
                throw;
            }

            // It stays as it is, and who reads the journal is told; those on either side of it are many all the same.
            damaged.Add(totals[place].Path);
            MergeMany(directory, totals[..place], now, damaged);
            MergeMany(directory, totals[(place + 1)..], now, damaged);
            return;
        }

        totals.ForEach(static t => File.Delete(t.Path));
    }

    /// <param name="directory">The journal.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="behind">What comes behind it.</param>
    /// <param name="until">It stays where its last event was written later.</param>
    /// <param name="now">The time.</param>
    private static bool TryCompact(string directory, JournalFile segment, List<JournalFile> behind, long until, long now)
    {
        var sums = new UsageSums(Hourly);
        bool isWhole;
        var judge = new JournalJudge(directory);
        using (var reader = judge.Open(segment))
        {
            var written = new SegmentSums(sums).Add(reader);
            if ((written <= now ? written : BegunAt(behind, now)) > until)
            {
                return false;
            }

            isWhole = judge.FindsWhole(reader, behind.FirstOrDefault());
        }

        TotalsFile.Write(JournalFile.TotalsPath(directory, segment.First, segment.Last), sums.Sorted(), now);
        Discard(segment, isWhole);
        return true;
    }

    /// <summary>When the first of some segments was begun that does not say a time still to come: what was written before it is older, whatever a clock said that was
    /// ahead then.</summary>
    /// <returns><see cref="long.MaxValue"/> where none says so.</returns>
    private static long BegunAt(IEnumerable<JournalFile> segments, long now)
    {
        foreach (var segment in segments.Where(static s => !s.IsTotals))
        {
            using var reader = new BlockReader(segment.Path);
            if (reader.TryRead() && JournalBlock.TimeOf(reader.Block) is var time && time <= now)
            {
                return time;
            }
        }

        return long.MaxValue;
    }
}
