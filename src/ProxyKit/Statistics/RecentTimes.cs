namespace ProxyKit.Statistics;

/// <summary>The mean of the last 1024 times, and the longest there ever was, in milliseconds. Guarded by its owner.</summary>
/// <remarks>No time is kept: once there were 1024, each one that comes takes the place of a mean one.</remarks>
internal struct RecentTimes
{
    private const int Most = 1024;

    private long _sum;
    private int _count;

    /// <summary>The longest.</summary>
    public long Longest { get; private set; }

    /// <summary>The mean, rounded up; 0 before the first.</summary>
    public readonly long Mean => _count == 0 ? 0 : (_sum + _count - 1) / _count;

    /// <summary>Takes one into account.</summary>
    public void Add(long milliseconds)
    {
        if (_count == Most)
        {
            _sum -= Mean;
        }
        else
        {
            _count++;
        }

        _sum += milliseconds;
        Longest = Math.Max(Longest, milliseconds);
    }
}
