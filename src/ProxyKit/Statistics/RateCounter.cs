namespace ProxyKit.Statistics;

/// <summary>How many events there were in the last period: HAProxy's estimate from two buckets, the running period's count and, for the part of
/// the period that has not run yet, a share of the one before. Guarded by its owner.</summary>
internal struct RateCounter
{
    private long _periodStart;
    private long _current;
    private long _previous;

    /// <summary>Counts events.</summary>
    /// <param name="count">How many.</param>
    /// <param name="period">The period, in milliseconds.</param>
    /// <param name="now">The time, in milliseconds of any clock that only runs forward.</param>
    /// <returns>The count of the running period.</returns>
    public long Add(long count, long period, long now)
    {
        var elapsed = now - _periodStart;
        if (elapsed >= period)
        {
            // Periods begin where the last one ended, as long as none was skipped.
            _previous = elapsed < 2 * period ? _current : 0;
            _current = 0;
            _periodStart = elapsed < 2 * period ? _periodStart + period : now;
        }

        return _current += count;
    }

    /// <summary>The estimate.</summary>
    /// <param name="period">The period, in milliseconds.</param>
    /// <param name="now">The time, by the same clock.</param>
    public readonly long Read(long period, long now)
    {
        var (current, previous) = (_current, _previous);
        var remaining = _periodStart + period - now;
        if (remaining < 0)
        {
            remaining += period;
            previous = remaining >= 0 ? current : 0;
            current = 0;
        }

        // One event that slowly fades would show now as one, now as none.
        return current == 0 && previous <= 1 ? previous : (long)((((Int128)previous * Math.Max(0, remaining)) + ((Int128)current * period)) / period);
    }

    /// <summary>The count of the running period.</summary>
    public readonly long Current => _current;
}
