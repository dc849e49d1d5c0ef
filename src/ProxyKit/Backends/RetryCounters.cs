namespace ProxyKit.Backends;

/// <summary>How often attempts were repeated at a server, or all servers of a backend, and how often they went on elsewhere. Since the proxy
/// started.</summary>
/// <param name="backend">Those of the server's backend, which count too; null in a backend.</param>
internal sealed class RetryCounters(RetryCounters? backend)
{
    private long _retries, _redispatches;

    /// <summary>Attempts repeated at the same server. HAProxy: <c>wretr</c>.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Attempts that left the server for another one. HAProxy: <c>wredis</c>.</summary>
    public long Redispatches => Interlocked.Read(ref _redispatches);

    public void CountRetry()
    {
        Interlocked.Increment(ref _retries);
        backend?.CountRetry();
    }

    public void CountRedispatch()
    {
        Interlocked.Increment(ref _redispatches);
        backend?.CountRedispatch();
    }
}
