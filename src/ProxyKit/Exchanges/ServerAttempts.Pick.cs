using System.Diagnostics;
using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Statistics;

namespace ProxyKit.Exchanges;

/// <summary>Which server an attempt goes to, and the slot there.</summary>
internal sealed partial class ServerAttempts
{
    /// <summary>Chooses a server, or keeps the one it has, and takes a slot on it, for which it waits where there is none.</summary>
    /// <param name="path">What with.</param>
    /// <param name="target">The backend.</param>
    /// <param name="context">What is known about the request or the connection.</param>
    /// <param name="bound">The server that the client is bound to, whatever the balancing says; null for none.</param>
    public ValueTask<PickStatus> PickAsync(DataPath path, BackendPolicy target, RuleContext context, Server? bound = null)
    {
        Debug.Assert(!_entered, "the last attempt gave its slot back");
        (_path, _target, _exchange) = (path, target, context.Exchange);
        _isBound = bound is not null;
        var status = TryPick(context, bound, out _waitsFor);
        return status is { } known ? new(Begin(known)) : WaitForSlot(context);
    }

    private PickStatus Begin(PickStatus status)
    {
        if (status == PickStatus.Picked)
        {
            _entered = true;
            _isReported = false;
            SentAt = 0;
            _generation = Server!.State.Generation; // picked
            PickedAt = QueueEndedAt = _path!.Time.GetTimestamp(); // set by the caller
            CountPick(Server.State);
            List();
        }

        return status;
    }

    private void CountPick(ServerState state)
    {
        state.Traffic.NoteWork(PickedAt, state.Active);
        state.Backend.Traffic.Touch(PickedAt);
        if (_isBalanced)
        {
            state.Count(TrafficEvent.Selection);
        }
    }

    /// <summary>Has those know of it who may have to cut what the server works on.</summary>
    private void List()
    {
        if (_owner is null || Server is not { State: { Sessions.IsKept: true } state })
        {
            return;
        }

        _isListed = true;
        state.Sessions.Add(_owner, _number);
        if (state is { IsReachable: false, Sessions.AreCutWhenDown: true } && !MayBeDown)
        {
            _owner.Cut(_number, SessionCut.ServerDown); // it went down behind the choice: whoever cut the others may not have seen this one
        }
    }

    /// <summary>Whether it is sent to the server that it is bound to also when that is down.</summary>
    private bool MayBeDown => Direction.IsForced || (_isBound && _target!.Backend.PersistsWhenDown); // set by the caller

    /// <summary>Chooses and takes a slot where one is free.</summary>
    /// <param name="context">What is known.</param>
    /// <param name="bound">The server it has to be; null for none.</param>
    /// <param name="waitsFor">Where it has to wait: the server to wait for; null for any.</param>
    /// <returns>What came of it; null when it has to wait.</returns>
    private PickStatus? TryPick(RuleContext context, Server? bound, out Server? waitsFor)
    {
        _isBalanced = false;
        waitsFor = KeepsServer ? Server : bound;
        if (waitsFor is not null)
        {
            var status = TryEnter(waitsFor);
            if (status != PickStatus.QueueFull || !MayLeaveFull)
            {
                return status;
            }

            Untie(waitsFor);
        }

        return TryBalance(context, out waitsFor);
    }

    /// <summary>Whether a request that is bound to a server goes elsewhere when that server's queue is full. HAProxy: <c>option redispatch</c>.</summary>
    private bool MayLeaveFull => _isBound && !Direction.IsForced && _target!.Backend.Redispatch; // set by the caller

    /// <summary>Has the backend's strategy choose; otherwise as <see cref="TryPick"/>.</summary>
    private PickStatus? TryBalance(RuleContext context, out Server? waitsFor)
    {
        waitsFor = null;
        (_isBalanced, _seeksUntried) = (true, false);
        var backend = _target!.Backend; // set by the caller
        var candidates = backend.Candidates;
        if (candidates.Servers.Length == 0)
        {
            return PickStatus.NoServer;
        }

        if (candidates.IsFallback)
        {
            return TryEnter(waitsFor = candidates.Servers[0]);
        }

        var strategy = backend.Strategy;
        if (_target.Queue.WaitingForAny > 0 && strategy is { WaitsForServer: false, FillsServerQueues: false })
        {
            waitsFor = FindUntried(candidates);
            _seeksUntried = waitsFor is not null;
            return null; // behind those who wait already
        }

        if (context.Admission.Plan?.PreferredServers is { } preferred
            && PreferredServers.Pick(preferred, candidates, _avoid, _failedAt) is { } own && own.State.TryEnter())
        {
            Choose(own);
            return PickStatus.Picked;
        }

        var choice = backend.Pick(candidates, context, _avoid);
        if ((choice is null || HasFailedAt(choice)) && FindUntried(candidates) is { } untried)
        {
            var entered = TryEnter(waitsFor = untried);
            _seeksUntried = true;
            return entered == PickStatus.QueueFull ? null : entered;
        }

        if (choice is not { } picked)
        {
            return Array.Exists(candidates.Servers, static s => s.State.IsLimited) ? null : PickStatus.NoServer;
        }

        if (strategy.WaitsForServer)
        {
            return TryEnter(waitsFor = picked);
        }

        var status = TryEnter(picked);
        waitsFor = status is null && picked.MaxQueue > 0 && strategy.FillsServerQueues ? picked : null;
        return status == PickStatus.QueueFull ? null : status;
    }

    /// <summary>Takes a slot on a server; null where it can be waited for.</summary>
    private PickStatus? TryEnter(Server server)
    {
        if (server.State.TryEnter())
        {
            Choose(server);
            return PickStatus.Picked;
        }

        return server.MaxQueue > 0 && server.QueuedRequests >= server.MaxQueue ? Full(server) : null;
    }

    private PickStatus Full(Server server)
    {
        Server = server; // for the log
        return PickStatus.QueueFull;
    }

    private void Choose(Server server)
    {
        CountLeft(server);
        Server = server;
    }
}
