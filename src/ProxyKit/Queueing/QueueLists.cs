using ProxyKit.Backends;

namespace ProxyKit.Queueing;

/// <summary>The lists of those who wait in a backend, and their counts. Guarded by the queue's lock, but for the count of all.</summary>
internal sealed class QueueLists(BackendState backend)
{
    private readonly Dictionary<ServerState, WaitList> _own = [];
    private readonly IndexedHeap<WaitList, WorstGoesFirst> _byWorst = new(); // those that have members
    private int _waiting; // in all lists; written under the lock, read without
    private long _turn; // how many slots were granted

    /// <summary>How many wait. Any thread.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Those who wait for the first server that is free.</summary>
    public WaitList Common { get; } = new();

    /// <summary>Those who wait for one server each.</summary>
    public Dictionary<ServerState, WaitList> Own => _own;

    /// <summary>The list that has to give somebody up first; null where nobody waits.</summary>
    public WaitList? Worst => _byWorst.First;

    public void Add(Waiter waiter, long now)
    {
        var list = ListOf(waiter.Server);
        list.Add(waiter, waiter.Ticket, _turn, now);
        if (list.Place < 0)
        {
            _byWorst.Add(list);
        }
        else
        {
            _byWorst.Update(list);
        }

        Note(waiter.Server, +1);
        Interlocked.Increment(ref _waiting); // a full fence: before slots are looked at
    }

    /// <summary>Takes one out, who is to be told once the lock is let go.</summary>
    public void End(Waiter waiter, QueueOutcome outcome, long now, ref EndedWaits ended)
    {
        Take(waiter, outcome, now);
        ended.Add(waiter);
    }

    /// <summary>Takes one out.</summary>
    public void Take(Waiter waiter, QueueOutcome outcome, long now)
    {
        _turn += outcome == QueueOutcome.Granted ? 1 : 0;
        var list = waiter.List!; // it is in one
        list.Remove(waiter, isServed: outcome == QueueOutcome.Granted, _turn, now);
        if (list.Count == 0)
        {
            _byWorst.Remove(list);
            list.Place = -1;
        }
        else
        {
            _byWorst.Update(list);
        }

        Note(waiter.Server, -1);
        waiter.Outcome = outcome;
        Interlocked.Decrement(ref _waiting);
    }

    /// <summary>A server that left the configuration needs no list any more.</summary>
    public void ForgetEmpty()
    {
        foreach (var (server, list) in _own)
        {
            if (list.Count == 0)
            {
                _own.Remove(server); // allowed while enumerating
            }
        }
    }

    private void Note(ServerState? server, int change)
    {
        if (server is null)
        {
            backend.NoteQueued(change);
        }
        else
        {
            server.NoteQueued(change);
        }
    }

    private WaitList ListOf(ServerState? server)
    {
        if (server is null)
        {
            return Common;
        }

        if (!_own.TryGetValue(server, out var list))
        {
            _own[server] = list = new WaitList();
        }

        return list;
    }
}
