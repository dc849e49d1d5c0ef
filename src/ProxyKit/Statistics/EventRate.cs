namespace ProxyKit.Statistics;

/// <summary>How many events there are in a second, and the most there ever were in one. Guarded by its owner.</summary>
internal struct EventRate
{
    private RateCounter _counter;

    /// <summary>The most in one second, by seconds as they were counted: HAProxy's maxima are made so, and so are ours.</summary>
    public long Most { get; private set; }

    /// <summary>Counts one.</summary>
    /// <param name="second">How long a second is, in the clock's own unit.</param>
    /// <param name="now">The time.</param>
    public void Count(long second, long now) => Most = Math.Max(Most, _counter.Add(1, second, now));

    /// <summary>The estimate for the last second.</summary>
    /// <param name="second">How long a second is, in the clock's own unit.</param>
    /// <param name="now">The time.</param>
    public readonly long Read(long second, long now) => _counter.Read(second, now);
}
