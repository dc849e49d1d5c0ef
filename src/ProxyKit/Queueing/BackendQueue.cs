using ProxyKit.Backends;
using ProxyKit.Transport;

namespace ProxyKit.Queueing;

/// <summary>
/// Those who wait for a slot in a backend: for one server, where they are bound to it, or for the first that is free. Outlives configurations,
/// as the state does that it belongs to.
/// </summary>
/// <remarks>
/// Nobody is forgotten: who comes is counted and listed before slots and servers are looked at (<see cref="WaitAsync"/>), and a slot is given back,
/// or a server changed, before the count is looked at (<see cref="OnSlotFreed"/>), so of the two at least one sees the other. Nobody is overtaken:
/// a slot is only taken without waiting where nobody waits for it, and a waiter's slot is taken before it leaves its list. Whoever waits is told
/// outside the lock, once: who takes it out of its list says how its wait ended.
/// </remarks>
internal sealed class BackendQueue
{
    private readonly Lock _lock = new(); // guards the lists, the numbers, and what Waiter and the states' NoteQueued say is the queue's
    private readonly BackendState _backend;
    private readonly TimerWheel _wheel;
    private readonly WaitList _common = new();
    private readonly Dictionary<ServerState, WaitList> _own = [];
    private readonly LateWaiters _late = new();
    private int _waiting; // in all lists; written under the lock, read without
    private long _number, _turn;

    public BackendQueue(BackendState backend, TimerWheel wheel)
    {
        _backend = backend;
        _wheel = wheel;
        backend.ServersChanged += OnServersChanged;
    }

    /// <summary>How many wait, for one server or for any.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many wait for the first server that is free.</summary>
    public int WaitingForAny => _backend.QueuedForAny;

    /// <summary>The most there ever were that waited for the first free server. HAProxy: <c>qmax</c>.</summary>
    public int MostWaitingForAny => _common.MostWaiting;

    /// <summary>Waits for a slot: on a server, or on any that is open to all.</summary>
    /// <param name="waiter">Who waits.</param>
    /// <param name="server">The server; null for any.</param>
    /// <param name="ticket">What decides on the order.</param>
    /// <param name="limit">How long it may take; null for no limit.</param>
    /// <param name="isForced">Whether it stays with the server also when that goes down.</param>
    public ValueTask<QueueOutcome> WaitAsync(
        Waiter waiter, ServerState? server, in WaitTicket ticket, TimeSpan? limit, bool isForced = false)
    {
        var ended = default(EndedWaits);
        lock (_lock)
        {
            var now = _wheel.Now;
            waiter.Begin(this, server, ticket, new QueuePosition(now + ticket.Offset, ++_number), isForced);
            waiter.LimitTo(limit, now);
            Add(waiter, now);
            ServeOrEnd(waiter, now, ref ended);
            if (waiter.List is not null && !MayStay(waiter, now, ref ended, out var outcome))
            {
                End(waiter, outcome, now, ref ended);
            }

            if (waiter.List is null)
            {
                waiter.WentBefore = -1; // it did not have to wait
            }
        }

        var task = waiter.Task;
        ended.TellAll();
        return task;
    }

    /// <summary>A slot was given back; behind <see cref="ServerState.Leave"/>, whose write is a full fence.</summary>
    /// <param name="server">Whose it is.</param>
    public void OnSlotFreed(ServerState server)
    {
        if (Waiting == 0)
        {
            return;
        }

        var ended = default(EndedWaits);
        lock (_lock)
        {
            var now = _wheel.Now;
            Serve(server, now, ref ended);
            DropLate(now, ref ended);
        }

        ended.TellAll();
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

            Take(waiter, outcome, _wheel.Now);
        }

        waiter.Tell();
    }

    /// <summary>How long one that came now would wait for any server, by how fast the queue empties; null where that is not known.</summary>
    public TimeSpan? EstimateWait(in WaitTicket ticket)
    {
        lock (_lock)
        {
            return _common.Rate.Read(_wheel.Now) is { } rate ? TimeSpan.FromMilliseconds(Math.Min((_common.CountBefore(ticket) + 1) / rate, int.MaxValue)) : null;
        }
    }

    /// <summary>Servers came, went, or can take more or less than before.</summary>
    private void OnServersChanged()
    {
        if (Waiting == 0)
        {
            return; // behind the change of BackendState.Version, a full fence
        }

        var ended = default(EndedWaits);
        lock (_lock)
        {
            var now = _wheel.Now;
            foreach (var (server, list) in _own)
            {
                if (ReleasesWaiters(server))
                {
                    Release(list, now, ref ended);
                }

                Serve(server, now, ref ended);
            }

            ForgetEmptyLists();
            ServeAll(now, ref ended);
            if (_backend.Current is not { Candidates.Servers.Length: > 0 })
            {
                while (_common.First is { } waiter)
                {
                    End(waiter, QueueOutcome.NoServer, now, ref ended);
                }
            }
        }

        ended.TellAll();
    }

    private void Add(Waiter waiter, long now)
    {
        ListOf(waiter.Server).Add(waiter, waiter.Ticket, _turn, now);
        if (waiter.Server is { } server)
        {
            server.NoteQueued(+1);
        }
        else
        {
            _backend.NoteQueued(+1);
        }

        Interlocked.Increment(ref _waiting); // a full fence: before slots are looked at
    }

    /// <summary>Gives slots that are free, and ends at once a wait that came too late to hear that nobody is left to wait for.</summary>
    private void ServeOrEnd(Waiter waiter, long now, ref EndedWaits ended)
    {
        if (waiter.Server is { } server)
        {
            Serve(server, now, ref ended);
            if (waiter is { List: not null, IsForced: false } && ReleasesWaiters(server))
            {
                End(waiter, QueueOutcome.Released, now, ref ended);
            }
        }
        else
        {
            ServeAll(now, ref ended);
            if (waiter.List is not null && _backend.Current is not { Candidates.Servers.Length: > 0 })
            {
                End(waiter, QueueOutcome.NoServer, now, ref ended);
            }
        }
    }

    /// <summary>Whether there is place and time for a newcomer, who is in its list. Where there is none, another one may have to go.</summary>
    private bool MayStay(Waiter waiter, long now, ref EndedWaits ended, out QueueOutcome outcome)
    {
        outcome = QueueOutcome.ServerFull;
        if (waiter.Server is { Current.MaxQueue: > 0 and var most } server && server.Queued > most)
        {
            return false;
        }

        outcome = QueueOutcome.Refused;
        if (_backend.Current is { MaxQueued: { } limit } && Waiting > limit)
        {
            var victim = QueueOverflow.Choose(_common, _own.Values, waiter);
            if (victim == waiter)
            {
                return false;
            }

            End(victim, QueueOutcome.Refused, now, ref ended);
        }

        if (_backend.Current is not { DropsLate: true })
        {
            return true;
        }

        DropLate(now, ref ended);
        return waiter.List is null || !LateWaiters.IsLate(waiter, waiter.List.CountBefore(waiter.Ticket) - 1, waiter.List.Rate.Read(now), now);
    }

    /// <summary>Ends the waits that cannot end in time.</summary>
    private void DropLate(long now, ref EndedWaits ended)
    {
        if (_backend.Current is not { DropsLate: true } || !_late.IsDue(now))
        {
            return;
        }

        _late.Find(_common, now);
        foreach (var list in _own.Values)
        {
            _late.Find(list, now);
        }

        foreach (var waiter in _late.Found)
        {
            End(waiter, QueueOutcome.TimedOut, now, ref ended);
        }

        _late.Clear();
    }

    /// <summary>Whether those who wait for a server are to look for another one: it was taken out, or it has failed and they may.</summary>
    private static bool ReleasesWaiters(ServerState server) => server.Availability == ServerAvailability.Maintenance
        || ((server.Availability == ServerAvailability.Down || server.IsBlocked)
            && server.Backend.Current is not ({ Redispatch: false } or { PersistsWhenDown: true }));

    /// <summary>Has all look for another server who may.</summary>
    private void Release(WaitList list, long now, ref EndedWaits ended)
    {
        foreach (var lane in list.Lanes.ToArray())
        {
            foreach (var waiter in lane.All())
            {
                if (!waiter.IsForced)
                {
                    End(waiter, QueueOutcome.Released, now, ref ended);
                }
            }
        }
    }

    /// <summary>Gives the slots of the servers that are open to all to those who wait for any.</summary>
    private void ServeAll(long now, ref EndedWaits ended)
    {
        foreach (var server in _backend.Current?.Candidates.Servers ?? [])
        {
            if (_common.Count == 0)
            {
                return;
            }

            Serve(server.State, now, ref ended);
        }
    }

    /// <summary>Gives a server's free slots to whoever is first: of those who wait for it, and, where it is open to all, of those who wait for
    /// any.</summary>
    private void Serve(ServerState server, long now, ref EndedWaits ended)
    {
        var own = _own.GetValueOrDefault(server);
        var common = _backend.Current is { } backend && backend.Candidates.Contains(server) ? _common : null;
        while (Waiter.Choose(own?.First, common?.First) is { } next && server.TryReserve())
        {
            _turn++;
            End(next, QueueOutcome.Granted, now, ref ended);
            next.Server = server;
        }
    }

    private void End(Waiter waiter, QueueOutcome outcome, long now, ref EndedWaits ended)
    {
        Take(waiter, outcome, now);
        ended.Add(waiter);
    }

    private void Take(Waiter waiter, QueueOutcome outcome, long now)
    {
        waiter.List!.Remove(waiter, isServed: outcome == QueueOutcome.Granted, _turn, now); // it is in one
        if (waiter.Server is { } server)
        {
            server.NoteQueued(-1);
        }
        else
        {
            _backend.NoteQueued(-1);
        }

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
}
