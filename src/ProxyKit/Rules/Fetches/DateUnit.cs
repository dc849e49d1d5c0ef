namespace ProxyKit.Rules.Fetches;

/// <summary>The unit that a date is counted in since 1970: <c>s</c>, <c>ms</c> or <c>us</c>.</summary>
/// <param name="Ticks">How many ticks of .NET it has.</param>
internal readonly record struct DateUnit(long Ticks)
{
    /// <summary>Reads a unit; seconds where there is none.</summary>
    /// <exception cref="RuleFaultException">It is none.</exception>
    public static DateUnit Parse(string text) => text switch
    {
        "" or "s" => new(TimeSpan.TicksPerSecond),
        "ms" => new(TimeSpan.TicksPerMillisecond),
        "us" => new(TimeSpan.TicksPerMicrosecond),
        _ => throw new RuleFaultException($"unknown unit '{text}': it is 's', 'ms' or 'us'"),
    };

    public long CountOf(DateTimeOffset date) => (date.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / Ticks;
}
