namespace ProxyKit.Statistics;

/// <summary>What an exchange or a tunnel leaves behind in its end.</summary>
/// <param name="Events">What happened, a bit for each <see cref="TrafficEvent"/>.</param>
/// <param name="BytesIn">What the client sent.</param>
/// <param name="BytesOut">What it was sent.</param>
/// <param name="FailedRewrites">How often a rule could not change what it was to change.</param>
/// <param name="Times">How long it took, in milliseconds; null where it came to no response.</param>
internal readonly record struct TrafficTally(uint Events, long BytesIn, long BytesOut, int FailedRewrites, TrafficTimes? Times)
{
    /// <summary>The same, with one event more where a condition holds.</summary>
    public TrafficTally With(TrafficEvent happened, bool isSo = true) => isSo ? this with { Events = Events | (1u << (int)happened) } : this;

    /// <summary>The same without an event.</summary>
    public TrafficTally Without(TrafficEvent happened) => this with { Events = Events & ~(1u << (int)happened) };

    /// <summary>The same with a response's class; that of a status that is none is one of its own.</summary>
    public TrafficTally WithResponse(int status) =>
        With(status is >= 100 and < 600 ? TrafficEvent.OtherResponse + (status / 100) : TrafficEvent.OtherResponse);
}

/// <summary>The times of an exchange or a tunnel, in milliseconds.</summary>
/// <param name="Queue">Waiting for a slot.</param>
/// <param name="Connect">Connecting.</param>
/// <param name="Response">From there to the response's head.</param>
/// <param name="Total">All of it.</param>
internal readonly record struct TrafficTimes(long Queue, long Connect, long Response, long Total);
