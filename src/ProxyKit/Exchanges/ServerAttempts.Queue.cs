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

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<PickStatus> WaitForSlotAsync(DataPath path, RuleContext context, Server? waitsFor)
    {
        var (backend, queue, settings) = (_target!.Backend, _target.Queue, context.Settings); // set by the caller
        var ticket = _target.TicketOf(context);
        _owner?.PrepareToWait();
        while (true)
        {
            // Exchanges are reused by all proxies of a process: a waiter of another one would be timed by a wheel that may stand still.
            var waiter = _waiter is { IsSpent: false } spare && spare.Wheel == path.Wheel ? spare : _waiter = new Waiter(path.Wheel);
            var wait = queue.WaitAsync(waiter, waitsFor?.State, ticket, settings.QueueTimeout ?? backend.QueueTimeout, Direction.IsForced);
            Interlocked.Exchange(ref _waiting, waiter); // before _isGivenUp and _isCut are read
            if (_isGivenUp || _isCut)
            {
                waiter.GiveUp();
            }

            var outcome = await wait.ConfigureAwait(false);
            Volatile.Write(ref _waiting, null);
            var (positions, place) = (QueuePositions, waiter.WentBefore + 1);
            QueuePositions = waitsFor is null ? positions with { Backend = positions.Backend + place } : positions with { Server = positions.Server + place };
            QueueEndedAt = place > 0 ? path.Time.GetTimestamp() : QueueEndedAt; // who was turned away has not waited
            PickStatus? status;
            switch (outcome)
            {
                case QueueOutcome.Granted:
                    Choose(backend.ServerOf(waiter.Server!)); // granted: its slot is ours
                    return Begin(PickStatus.Picked);
                case QueueOutcome.Released:
                    Untie(waitsFor!); // released: from a server's list
                    status = TryBalance(context, out waitsFor);
                    break;
                case QueueOutcome.ServerFull:
                    status = TryElsewhere(context, ref waitsFor);
                    break;
                default:
                    Server = waitsFor; // for the log
                    return StatusOf(outcome);
            }

            if (status is { } known)
            {
                return Begin(known);
            }
        }
    }

    /// <summary>The queue of the server to wait for was filled by others a moment ago.</summary>
    private PickStatus? TryElsewhere(RuleContext context, ref Server? waitsFor)
    {
        var full = waitsFor!; // only the queue of a server is full
        if (MayLeaveFull)
        {
            Untie(full);
            return TryBalance(context, out waitsFor);
        }

        if (_isBound || KeepsServer || _target!.Backend is not { Strategy.WaitsForServer: false, Candidates.IsFallback: false })
        {
            return Full(full);
        }

        waitsFor = null; // its place there was a favour
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
