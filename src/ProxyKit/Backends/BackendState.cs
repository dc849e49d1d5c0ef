using ProxyKit.Statistics;

namespace ProxyKit.Backends;

/// <summary>What outlives a configuration about a backend: how much work it has, and which change of its servers is the latest.</summary>
internal sealed class BackendState(TimeProvider? time = null)
{
    private readonly Lock _historyLock = new(); // guards that the latest change is the last one noted
    private Backend? _current;
    private int _active, _version, _retrying, _queued, _mostQueued, _hasNone;

    /// <summary>Told after each change of what its servers can take. On the thread of whoever changed it, who holds no lock.</summary>
    public event Action? ServersChanged;

    /// <summary>The backend as the configuration in use has it; null before the first one is.</summary>
    public Backend? Current => Volatile.Read(ref _current);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    /// <summary>What came to it, and how it went.</summary>
    public TrafficCounters Traffic { get; } = new(time ?? TimeProvider.System);

    /// <summary>When it had servers, and when none.</summary>
    public UpDownHistory History { get; } = new(time ?? TimeProvider.System);

    /// <summary>How many requests or connections were routed to it and have not ended, those in queues included. HAProxy: <c>beconn</c>.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>How many wait for the first server that is free.</summary>
    public int QueuedForAny => Volatile.Read(ref _queued);

    /// <summary>The most there ever were of them. HAProxy: <c>qmax</c>.</summary>
    public int MostQueuedForAny => Volatile.Read(ref _mostQueued);

    /// <summary>Another number after each change of what its servers can take.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>A request or connection was routed to it; <see cref="Leave"/> follows exactly once.</summary>
    public void Enter() => Traffic.CountSession(Time.GetTimestamp(), Interlocked.Increment(ref _active));

    public void Leave() => Interlocked.Decrement(ref _active);

    /// <summary>How many further attempts are under way.</summary>
    public int Retrying => Volatile.Read(ref _retrying);

    /// <summary>Counts one more attempt, where there are fewer than a number; <see cref="EndRetry"/> follows exactly once then.</summary>
    public bool TryBeginRetry(int most)
    {
        if (Interlocked.Increment(ref _retrying) <= most)
        {
            return true;
        }

        EndRetry();
        return false;
    }

    public void EndRetry() => Interlocked.Decrement(ref _retrying);

    /// <summary>Counts those who wait for any server; the queue's, under its lock.</summary>
    public void NoteQueued(int change)
    {
        Volatile.Write(ref _queued, _queued + change);
        Volatile.Write(ref _mostQueued, Math.Max(_mostQueued, _queued));
    }

    /// <summary>A configuration is put to use: its limits and weights count from here on.</summary>
    public void Adopt(Backend backend)
    {
        Volatile.Write(ref _current, backend);
        foreach (var server in backend.Servers)
        {
            server.State.Adopt(server);
        }

        NoteChange();
    }

    /// <summary>Whether it has just lost the last server that it had.</summary>
    /// <param name="usable">How many it has now.</param>
    public bool LosesLastServer(int usable) => Interlocked.Exchange(ref _hasNone, usable == 0 ? 1 : 0) == 0 && usable == 0;

    /// <summary>It has a server, however it came by it: losing that one would be another loss.</summary>
    public void NoteUsableServer() => Volatile.Write(ref _hasNone, 0);

    /// <summary>One of its servers can take other work than before.</summary>
    public void NoteChange()
    {
        Interlocked.Increment(ref _version);
        ServersChanged?.Invoke();
        NoteHistory();
    }

    private void NoteHistory()
    {
        lock (_historyLock)
        {
            if (Current is { } backend)
            {
                History.Note(isDown: !backend.IsUp);
            }
        }
    }
}
