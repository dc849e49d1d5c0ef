namespace ProxyKit.Backends;

/// <summary>What outlives a configuration about a server: its counters and its idle connections. Kept by the names of backend and server.</summary>
internal sealed class ServerState(string connectionKey, IdleConnections idle)
{
    private int _active;
    private long _total;

    /// <summary>Says where connections lead and how; connections of another key are of no use.</summary>
    public string ConnectionKey { get; } = connectionKey;

    public IdleConnections Idle { get; } = idle;

    public int Active => Volatile.Read(ref _active);

    public long Total => Interlocked.Read(ref _total);

    /// <summary>A request or connection is given to the server; <see cref="Leave"/> follows exactly once.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _active);
        Interlocked.Increment(ref _total);
        Idle.NoteUse(Active);
    }

    public void Leave() => Interlocked.Decrement(ref _active);
}
