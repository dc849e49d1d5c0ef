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
    private readonly Lock _lock = new(); // guards _lists, _bounds, _number, and what Waiter and the states' NoteQueued say is the queue's
    private readonly BackendState _backend;
    private readonly TimerWheel _wheel;
    private readonly QueueLists _lists;
    private readonly QueueBounds _bounds;
    private long _number;

    public BackendQueue(BackendState backend, TimerWheel wheel)
    {
        _backend = backend;
        _wheel = wheel;
        _lists = new QueueLists(backend);
        _bounds = new QueueBounds(backend, _lists);
        backend.ServersChanged += OnServersChanged;
    }

    /// <summary>How many wait, for one server or for any.</summary>
    public int Waiting => _lists.Waiting;

    /// <summary>How many wait for the first server that is free.</summary>
    public int WaitingForAny => _backend.QueuedForAny;

    /// <summary>The most there ever were that waited for the first free server. HAProxy: <c>qmax</c>.</summary>
    public int MostWaitingForAny => _backend.MostQueuedForAny;

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
            _lists.Add(waiter, now);
            ServeOrEnd(waiter, now, ref ended);
            if (waiter.List is not null && !_bounds.Admits(waiter, now, ref ended, out var outcome))
            {
                _lists.End(waiter, outcome, now, ref ended);
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
            _bounds.DropLate(now, ref ended);
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

            _lists.Take(waiter, outcome, _wheel.Now);
        }

        waiter.Tell();
    }

    /// <summary>How long one that came now would wait for any server, by how fast the queue empties; null where that is not known.</summary>
    public TimeSpan? EstimateWait(in WaitTicket ticket)
    {
        lock (_lock)
        {
            var common = _lists.Common;
            return common.Rate.Read(_wheel.Now) is { } rate ? TimeSpan.FromMilliseconds(Math.Min((common.CountBefore(ticket) + 1) / rate, int.MaxValue)) : null;
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
            foreach (var (server, list) in _lists.Own)
            {
                if (ReleasesWaiters(server))
                {
                    Release(list, now, ref ended);
                }

                Serve(server, now, ref ended);
            }

            _lists.ForgetEmpty();
            ServeAll(now, ref ended);
            if (_backend.Current is not { Candidates.Servers.Length: > 0 })
            {
                while (_lists.Common.First is { } waiter)
                {
                    _lists.End(waiter, QueueOutcome.NoServer, now, ref ended);
                }
            }
        }

        ended.TellAll();
    }

    /// <summary>Gives slots that are free, and ends at once a wait that came too late to hear that nobody is left to wait for.</summary>
    private void ServeOrEnd(Waiter waiter, long now, ref EndedWaits ended)
    {
        if (waiter.Server is { } server)
        {
            Serve(server, now, ref ended);
            if (waiter is { List: not null, IsForced: false } && ReleasesWaiters(server))
            {
                _lists.End(waiter, QueueOutcome.Released, now, ref ended);
            }
        }
        else
        {
            ServeAll(now, ref ended);
            if (waiter.List is not null && _backend.Current is not { Candidates.Servers.Length: > 0 })
            {
                _lists.End(waiter, QueueOutcome.NoServer, now, ref ended);
            }
        }
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
                    _lists.End(waiter, QueueOutcome.Released, now, ref ended);
                }
            }
        }
    }

    /// <summary>Gives the slots of the servers that are open to all to those who wait for any.</summary>
    private void ServeAll(long now, ref EndedWaits ended)
    {
        foreach (var server in _backend.Current?.Candidates.Servers ?? [])
        {
            if (_lists.Common.Count == 0)
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
        var own = _lists.Own.GetValueOrDefault(server);
        var common = _backend.Current is { } backend && backend.Candidates.Contains(server) ? _lists.Common : null;
        while (Waiter.Choose(own?.First, common?.First) is { } next && server.TryReserve())
        {
            _lists.End(next, QueueOutcome.Granted, now, ref ended);
            next.Server = server;
        }
    }
}
