namespace ProxyKit.Statistics;

/// <summary>What is counted of a server's health. Outlives configurations.</summary>
internal sealed class HealthCounters(TimeProvider time)
{
    private long _failedChecks, _reactions;

    /// <summary>When it was up and when down.</summary>
    public UpDownHistory History { get; } = new(time);

    /// <summary>Checks that failed while it was up. HAProxy: <c>chkfail</c>.</summary>
    public long FailedChecks => Interlocked.Read(ref _failedChecks);

    /// <summary>How often so many of clients' own requests failed in a row that it was acted upon. HAProxy: <c>hanafail</c>.</summary>
    public long Reactions => Interlocked.Read(ref _reactions);

    public void CountFailedCheck() => Interlocked.Increment(ref _failedChecks);

    public void CountReaction() => Interlocked.Increment(ref _reactions);
}
