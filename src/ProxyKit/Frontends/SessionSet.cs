namespace ProxyKit.Frontends;

/// <summary>The sessions of a listener, so that they can be drained and, in the end, closed.</summary>
internal sealed class SessionSet
{
    private readonly Lock _lock = new(); // guards _first, _count, _draining, _whenEmpty and the sessions' links
    private Session? _first;
    private int _count;
    private bool _draining;
    private TaskCompletionSource? _whenEmpty;

    public void Add(Session session)
    {
        lock (_lock)
        {
            session.Next = _first;
            if (_first is not null)
            {
                _first.Previous = session;
            }

            _first = session;
            _count++;
            if (_draining)
            {
                session.Drain();
            }
        }
    }

    public void Remove(Session session)
    {
        lock (_lock)
        {
            if (session.Previous is null)
            {
                _first = session.Next;
            }
            else
            {
                session.Previous.Next = session.Next;
            }

            if (session.Next is not null)
            {
                session.Next.Previous = session.Previous;
            }

            session.Next = session.Previous = null;
            if (--_count == 0)
            {
                _whenEmpty?.TrySetResult();
            }
        }
    }

    /// <summary>Has sessions end when their exchange does, and those without one end now.</summary>
    public void Drain()
    {
        Session[] sessions;
        lock (_lock)
        {
            _draining = true;
            sessions = Copy();
        }

        foreach (var session in sessions)
        {
            session.Drain();
        }
    }

    /// <summary>Breaks all sessions off.</summary>
    /// <returns>How many there were.</returns>
    public int Kill()
    {
        Session[] sessions;
        lock (_lock)
        {
            sessions = Copy();
        }

        foreach (var session in sessions)
        {
            session.Kill();
        }

        return sessions.Length;
    }

    /// <summary>Completes when the last session has ended.</summary>
    public Task WhenEmpty()
    {
        lock (_lock)
        {
            return _count == 0
                ? Task.CompletedTask
                : (_whenEmpty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private Session[] Copy()
    {
        var sessions = new Session[_count];
        var i = 0;
        for (var session = _first; session is not null; session = session.Next)
        {
            sessions[i++] = session;
        }

        return sessions;
    }
}
