namespace ProxyKit.Metering.Journals;

/// <summary>How a journal is kept.</summary>
public sealed class UsageJournalOptions
{
    /// <summary>How often events are written where nobody waits for them: what a process that is killed may lose.</summary>
    /// <value>100 milliseconds by default; 1 millisecond to 1 minute.</value>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many bytes of events may wait to be written. Beyond it, who has an event waits. As many again may be under way to the disk, so twice
    /// that is what memory it takes at most.</summary>
    /// <value>4 MiB by default, some 40,000 events; 64 KiB to 256 MiB.</value>
    public int MaxBufferedBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a segment becomes before the next one begins.</summary>
    /// <value>64 MiB by default; 64 KiB to 1 GiB. One write may go beyond it.</value>
    public long SegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How old a segment becomes before the next one begins, at the next write.</summary>
    /// <value>1 hour by default; 1 second to 24 days.</value>
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long single events are kept behind their segment's end. Then sums of each hour, client, tier and meter take their place, for
    /// good.</summary>
    /// <value>1 day by default; zero to 10 years.</value>
    public TimeSpan CompactAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Of how many events, the latest, the ids are known, so that they do not count when they come again. Of those that were handed in;
    /// a proxy's own come once.</summary>
    /// <value>16,384 by default; 0 to 1,000,000. Each takes some 50 bytes.</value>
    public int KnownIds { get; set; } = 16_384;

    /// <summary>All that is wrong with them.</summary>
    internal IEnumerable<(string Property, string Fault)> Faults()
    {
        if (FlushInterval < TimeSpan.FromMilliseconds(1) || FlushInterval > TimeSpan.FromMinutes(1))
        {
            yield return (nameof(FlushInterval), $"{FlushInterval} is out of range (1 ms to 1 minute)");
        }

        if (MaxBufferedBytes is < 64 * 1024 or > 256 * 1024 * 1024)
        {
            yield return (nameof(MaxBufferedBytes), $"{MaxBufferedBytes} is out of range (64 KiB to 256 MiB)");
        }

        if (SegmentBytes is < 64 * 1024 or > 1024 * 1024 * 1024)
        {
            yield return (nameof(SegmentBytes), $"{SegmentBytes} is out of range (64 KiB to 1 GiB)");
        }

        if (SegmentAge < TimeSpan.FromSeconds(1) || SegmentAge > TimeSpan.FromDays(24))
        {
            yield return (nameof(SegmentAge), $"{SegmentAge} is out of range (1 second to 24 days)");
        }

        if (CompactAfter < TimeSpan.Zero || CompactAfter > TimeSpan.FromDays(3660))
        {
            yield return (nameof(CompactAfter), $"{CompactAfter} is out of range (0 to 10 years)");
        }

        if (KnownIds is < 0 or > 1_000_000)
        {
            yield return (nameof(KnownIds), $"{KnownIds} is out of range (0-1000000)");
        }
    }

    internal UsageBounds Bounds => new(FlushInterval, MaxBufferedBytes);
}
