namespace ProxyKit.Backends;

/// <summary>The requests and connections that a server works on, where somebody may have to cut them; else nothing is kept of them.</summary>
internal sealed class ServerSessions
{
    private readonly Lock _lock = new(); // guards _running
    private readonly HashSet<(IServerSession Session, long Number)> _running = [];
    private volatile bool _isKept, _areCutWhenDown;

    /// <summary>Whether they are kept from now on.</summary>
    public bool IsKept
    {
        get => _isKept;
        set => _isKept = value;
    }

    /// <summary>Whether they are cut when the server goes down.</summary>
    public bool AreCutWhenDown
    {
        get => _areCutWhenDown;
        set => _areCutWhenDown = value;
    }

    public void Add(IServerSession session, long number)
    {
        lock (_lock)
        {
            _running.Add((session, number));
        }
    }

    public void Remove(IServerSession session, long number)
    {
        lock (_lock)
        {
            _running.Remove((session, number));
        }
    }

    /// <summary>Ends them all. They go on their own way from here: some may have ended a moment ago.</summary>
    public void CutAll(SessionCut why)
    {
        (IServerSession Session, long Number)[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        foreach (var (session, number) in running)
        {
            session.Cut(number, why);
        }
    }
}

/// <summary>A request or a connection that a server works on.</summary>
internal interface IServerSession
{
    /// <summary>Ends it, if it is still the one of that number. Any thread.</summary>
    void Cut(long number, SessionCut why);

    /// <summary>It is about to wait for a server; told before anybody can know of the wait.</summary>
    /// <returns>Whether it sees to the wait itself, once that has begun, and asks again when it is over.</returns>
    bool PrepareToWait() => false; // who holds little has nothing to let go of
}

/// <summary>Why requests are cut.</summary>
internal enum SessionCut
{
    /// <summary>Their server is down. HAProxy: <c>on-marked-down shutdown-sessions</c>.</summary>
    ServerDown,

    /// <summary>Their server is a backup, and others are up again. HAProxy: <c>on-marked-up shutdown-backup-sessions</c>.</summary>
    BackupRelieved,
}
