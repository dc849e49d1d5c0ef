using ProxyKit.Backends;

namespace ProxyKit.Queueing;

/// <summary>
/// Those who wait for a slot in a backend: for one server, where they are bound to it, or for the first that is free. Outlives configurations,
/// as the state does that it belongs to.
/// </summary>
/// <remarks>
/// Nobody is forgotten: who comes is counted and listed before slots are looked for (<see cref="WaitAsync"/>), and a slot is given back before
/// the count is looked at (<see cref="OnSlotFreed"/>), so of the two at least one sees the other. Nobody is overtaken: a slot is only taken without
/// waiting where nobody waits for it, and a waiter's slot is taken before it leaves its list. Whoever waits is told outside the lock, once:
/// who takes it out of its list says how its wait ended.
/// </remarks>
internal sealed class BackendQueue
{
    private readonly Lock _lock = new(); // guards the lists, the number, and what Waiter and ServerState.NoteQueued say is the queue's
    private readonly BackendState _backend;
    private readonly WaitList _common = new();
    private readonly Dictionary<ServerState, WaitList> _own = [];
    private int _waiting; // in all lists; written under the lock, read without
    private long _number;

    public BackendQueue(BackendState backend)
    {
        _backend = backend;
        backend.ServersChanged += OnServersChanged;
    }

    /// <summary>How many wait, for one server or for any.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many wait for the first server that is free.</summary>
    public int WaitingForAny => _common.Count;

    /// <summary>Waits for a slot: on a server, or on any that is open to all.</summary>
    /// <param name="waiter">Who waits.</param>
    /// <param name="server">The server; null for any.</param>
    /// <param name="priority">The class.</param>
    /// <param name="offset">What is added to the time it came, in milliseconds.</param>
    /// <param name="limit">How long it may take; null for no limit.</param>
    public ValueTask<QueueOutcome> WaitAsync(Waiter waiter, ServerState? server, int priority, int offset, TimeSpan? limit)
    {
        Waiter? ended = null;
        lock (_lock)
        {
            waiter.Begin(this, server, new QueuePosition(priority, waiter.Wheel.Now + offset, ++_number));
            waiter.Set(limit);
            ListOf(server).Add(waiter);
            server?.NoteQueued(+1);
            Interlocked.Increment(ref _waiting); // a full fence: before slots are looked at
            if (server is not null)
            {
                Serve(server, ref ended);
            }
            else
            {
                ServeAll(ref ended);
            }
        }

        var task = waiter.Task;
        TellAll(ended);
        return task;
    }

    /// <summary>A slot was given back; behind <see cref="ServerState.Leave"/>, whose write is a full fence.</summary>
    public void OnSlotFreed(ServerState server)
    {
        if (Waiting == 0)
        {
            return;
        }

        Waiter? ended = null;
        lock (_lock)
        {
            Serve(server, ref ended);
        }

        TellAll(ended);
    }

    /// <summary>Takes one out whose wait goes on; whose does not is left alone.</summary>
    public void Remove(Waiter waiter, QueueOutcome outcome)
    {
        lock (_lock)
        {
            if (waiter.List is null)
            {
                return;
            }

            Take(waiter, outcome);
        }

        waiter.Tell();
    }

    /// <summary>Servers came, went, or can take more or less than before.</summary>
    private void OnServersChanged()
    {
        if (Waiting == 0)
        {
            return;
        }

        Waiter? ended = null;
        lock (_lock)
        {
            foreach (var (server, list) in _own)
            {
                if (ReleasesWaiters(server))
                {
                    EndAll(list, QueueOutcome.Released, ref ended);
                }
                else
                {
                    Serve(server, ref ended);
                }
            }

            ForgetEmptyLists();
            ServeAll(ref ended);
            if (_backend.Current is not { Candidates.Servers.Length: > 0 })
            {
                EndAll(_common, QueueOutcome.NoServer, ref ended);
            }
        }

        TellAll(ended);
    }

    /// <summary>Whether those who wait for a server are to look for another one: it was taken out, or it has failed and they may.</summary>
    private static bool ReleasesWaiters(ServerState server) => server.Availability switch
    {
        ServerAvailability.Maintenance => true,
        ServerAvailability.Down => server.Backend.Current is not { Redispatch: false },
        _ => false,
    };

    /// <summary>Gives the slots of the servers that are open to all to those who wait for any.</summary>
    private void ServeAll(ref Waiter? ended)
    {
        foreach (var server in _backend.Current?.Candidates.Servers ?? [])
        {
            if (_common.Count == 0)
            {
                return;
            }

            Serve(server.State, ref ended);
        }
    }

    /// <summary>Gives a server's free slots to whoever is first: of those who wait for it, and, where it is open to all, of those who wait for
    /// any. Its own go first in a tie.</summary>
    private void Serve(ServerState server, ref Waiter? ended)
    {
        var own = _own.GetValueOrDefault(server);
        var common = _backend.Current is { } backend && backend.Candidates.Contains(server) ? _common : null;
        while (true)
        {
            var (mine, any) = (own?.First, common?.First);
            var next = mine is null || (any is not null && any.Position.Leads(mine.Position)) ? any : mine;
            if (next is null || !server.TryReserve())
            {
                return;
            }

            Take(next, QueueOutcome.Granted);
            next.Server = server;
            next.NextEnded = ended;
            ended = next;
        }
    }

    private void EndAll(WaitList list, QueueOutcome outcome, ref Waiter? ended)
    {
        while (list.First is { } waiter)
        {
            Take(waiter, outcome);
            waiter.NextEnded = ended;
            ended = waiter;
        }
    }

    private void Take(Waiter waiter, QueueOutcome outcome)
    {
        waiter.List!.Remove(waiter, isServed: outcome == QueueOutcome.Granted); // it is in one
        waiter.Server?.NoteQueued(-1);
        waiter.Outcome = outcome;
        Interlocked.Decrement(ref _waiting);
    }

    private WaitList ListOf(ServerState? server)
    {
        if (server is null)
        {
            return _common;
        }

        if (!_own.TryGetValue(server, out var list))
        {
            _own[server] = list = new WaitList();
        }

        return list;
    }

    /// <summary>A server that left the configuration needs no list any more.</summary>
    private void ForgetEmptyLists()
    {
        foreach (var (server, list) in _own)
        {
            if (list.Count == 0)
            {
                _own.Remove(server); // allowed while enumerating
            }
        }
    }

    /// <summary>In the order in which they were taken out, which a chain has backwards.</summary>
    private static void TellAll(Waiter? ended)
    {
        Waiter? next = null;
        while (ended is not null)
        {
            (ended.NextEnded, next, ended) = (next, ended, ended.NextEnded);
        }

        while (next is not null)
        {
            var waiter = next;
            next = waiter.NextEnded;
            waiter.NextEnded = null;
            waiter.Tell(); // from here on it is its owner's again
        }
    }
}
