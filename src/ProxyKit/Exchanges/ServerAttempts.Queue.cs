using System.Runtime.CompilerServices;
using ProxyKit.Backends;
using ProxyKit.Queueing;
using ProxyKit.Rules;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The wait for a slot.</summary>
internal sealed partial class ServerAttempts
{
    private Waiter? _waiter, _waiting; // one to use again, and the one in a queue
    private Server? _waitsFor; // null for any
    private bool _seeksUntried; // waits for a server that it has not failed at, and for that alone

    /// <summary>Waits for a slot; or, with a first attempt, begins to and says so, where its owner sees to the rest.</summary>
    private ValueTask<PickStatus> WaitForSlot(RuleContext context)
    {
        var ticket = _target!.TicketOf(context); // set by the caller
        var mayPark = _owner is not null && _owner.PrepareToWait() && Last is null && Retries == 0 && !KeepsServer && _left is null;
        var wait = BeginWait(context, ticket);
        return mayPark && !wait.IsCompleted ? new(PickStatus.Waits) : WaitForSlotAsync(context, wait);
    }

    private ValueTask<QueueOutcome> BeginWait(RuleContext context, in WaitTicket ticket)
    {
        // Exchanges are reused by all proxies of a process: a waiter of another one would be timed by a wheel that may stand still.
        var wheel = _path!.Wheel; // set by the caller, as is the next
        var waiter = _waiter is { IsSpent: false } spare && spare.Wheel == wheel ? spare : _waiter = new Waiter(wheel);
        var limit = context.Settings.QueueTimeout ?? _target!.Backend.QueueTimeout;
        limit = _seeksUntried && !(limit < LongestPause) ? LongestPause : limit;
        var wait = _target!.Queue.WaitAsync(waiter, _waitsFor?.State, ticket, limit, Direction.IsForced);
        Interlocked.Exchange(ref _waiting, waiter); // before _isGivenUp and _isCut are read
        if (_isGivenUp || _isCut)
        {
            waiter.GiveUp();
        }

        return wait;
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<PickStatus> WaitForSlotAsync(RuleContext context, ValueTask<QueueOutcome> wait)
    {
        while (true)
        {
            var outcome = await wait.ConfigureAwait(false);
            Volatile.Write(ref _waiting, null);
            if (EndWait(outcome, context) is { } status)
            {
                return Begin(status);
            }

            wait = BeginWait(context, _waiter!.Ticket); // the one that has waited
        }
    }

    /// <summary>What the end of a wait means; null where another one follows.</summary>
    private PickStatus? EndWait(QueueOutcome outcome, RuleContext context)
    {
        var place = _waiter!.WentBefore + 1; // it has waited
        QueuePositions = _waitsFor is null
            ? QueuePositions with { Backend = QueuePositions.Backend + place }
            : QueuePositions with { Server = QueuePositions.Server + place };
        QueueEndedAt = place > 0 ? _waiter.EndedAt : QueueEndedAt; // who was turned away has not waited
        switch (outcome)
        {
            case QueueOutcome.Granted:
                _isBalanced &= _waitsFor is not null; // nobody chose: it was the first that was free
                Choose(_target!.Backend.ServerOf(_waiter.Server!)); // granted: its slot is ours
                return PickStatus.Picked;
            case QueueOutcome.Released:
                Untie(_waitsFor!); // released: from a server's list
                return TryBalance(context, out _waitsFor);
            case QueueOutcome.TimedOut or QueueOutcome.Refused or QueueOutcome.ServerFull when _seeksUntried:
                _failedAt!.Clear(); // it has failed somewhere: any server is better than none
                return TryBalance(context, out _waitsFor);
            case QueueOutcome.ServerFull:
                return TryElsewhere(context);
            default:
                Server = _waitsFor; // for the log
                return StatusOf(outcome);
        }
    }

    /// <summary>Leaves the wait that has begun to who awaits it elsewhere.</summary>
    public void Park(ParkedExchange parked)
    {
        (parked.Waiter, _waiter) = (_waiter, parked.Waiter);
        (parked.WaitsFor, parked.Direction, parked.Choice) = (_waitsFor, Direction, (_isBound, _isBalanced));
        Volatile.Write(ref _waiting, null);
    }

    /// <summary>Takes over a wait that is over.</summary>
    public void Unpark(ParkedExchange parked)
    {
        (parked.Waiter, _waiter) = (_waiter, parked.Waiter);
        (_waitsFor, Direction, (_isBound, _isBalanced)) = (parked.WaitsFor, parked.Direction, parked.Choice);
    }

    /// <summary>Goes on where <see cref="PickAsync"/> has said that it waits; behind <see cref="Unpark"/>.</summary>
    public ValueTask<PickStatus> GoOnAsync(DataPath path, BackendPolicy target, RuleContext context)
    {
        (_path, _target, _exchange) = (path, target, context.Exchange);
        return WaitForSlotAsync(context, _waiter!.Task); // which was parked
    }

    /// <summary>The queue of the server to wait for was filled by others a moment ago.</summary>
    private PickStatus? TryElsewhere(RuleContext context)
    {
        var full = _waitsFor!; // only the queue of a server is full
        if (MayLeaveFull)
        {
            Untie(full);
            return TryBalance(context, out _waitsFor);
        }

        if (_isBound || KeepsServer || _target!.Backend is not { Strategy.WaitsForServer: false, Candidates.IsFallback: false })
        {
            return Full(full);
        }

        _waitsFor = null; // its place there was a favour
        return null;
    }

    private static PickStatus StatusOf(QueueOutcome outcome) => outcome switch
    {
        QueueOutcome.NoServer => PickStatus.NoServer,
        QueueOutcome.Refused => PickStatus.QueueFull,
        QueueOutcome.TimedOut => PickStatus.QueueTimedOut,
        _ => PickStatus.GivenUp,
    };
}
