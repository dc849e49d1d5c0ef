namespace ProxyKit.Statistics;

/// <summary>What <see cref="TrafficCounters"/> say at one moment.</summary>
internal readonly struct TrafficReading
{
    public required long[] Counts { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    public required int MostCurrent { get; init; }

    public required TimeSpan? SinceLastSession { get; init; }

    public required RateReading Connections { get; init; }

    public required RateReading Sessions { get; init; }

    public required RateReading Requests { get; init; }

    public required TimeReading Queue { get; init; }

    public required TimeReading Connect { get; init; }

    public required TimeReading Response { get; init; }

    public required TimeReading Total { get; init; }

    public long this[TrafficEvent what] => Counts[(int)what];

    public ResponseCounts Responses => new(
        this[TrafficEvent.InformationalResponse],
        this[TrafficEvent.SuccessfulResponse],
        this[TrafficEvent.Redirection],
        this[TrafficEvent.ClientErrorResponse],
        this[TrafficEvent.ServerErrorResponse],
        this[TrafficEvent.OtherResponse]);

    public TimeStatistics Times => new(
        Queue.Mean, Connect.Mean, Response.Mean, Total.Mean, Queue.Longest, Connect.Longest, Response.Longest, Total.Longest);
}

/// <summary>A rate: what it is now, and the most it ever was, by the second.</summary>
internal readonly record struct RateReading(int Now, int Most);

/// <summary>A time: the mean of late, and the longest ever.</summary>
internal readonly record struct TimeReading(TimeSpan Mean, TimeSpan Longest);
