using System.Runtime.CompilerServices;
using ProxyKit.Metering;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What the request used is written down, once, as one event: before its last bytes leave where the answer waits for that, else at the
/// end.</summary>
internal sealed partial class ServedExchange
{
    private UsageTicket? _usage; // stays with the object; given up with a wait that was not seen through
    private bool _isMeasured, _isCounted;
    private volatile bool _isUsageGivenUp;

    private void ResetUsage()
    {
        _isMeasured = _isCounted = false;
        _isUsageGivenUp = false;
    }

    private bool HoldsAnswer => _policy.Metering is { HoldsAnswers: true } && !_isCounted;

    /// <summary>Step 2: nothing is served that could not be written down.</summary>
    private Termination? CheckMetering()
    {
        if (_policy.Metering is not { } metering || metering.Recorder.IsAccepting)
        {
            return null;
        }

        CountRequest(); // which it would be with the rules, that are not asked
        metering.Recorder.NoteTurnedAway();
        _isCounted = true; // by that
        return new Termination(TerminationCause.Resource, ExchangePhase.Request);
    }

    /// <summary>Asks who it is and how much it counts for, while both heads are here.</summary>
    private void MeasureUsage(bool isAnswered)
    {
        if (_policy.Metering is { } metering && !_isCounted)
        {
            if (_usage is null || _usage.Room.Length < metering.RecordBytes)
            {
                _usage = new UsageTicket(metering.RecordBytes);
            }

            var failure = metering.Measure(_usage, _hasRequestLine ? _context : null, _policy.Name, _backend?.Name, isAnswered);
            _isMeasured = true;
            if (failure is not null)
            {
                _path.Log.Failed(failure, _policy.Name);
            }
        }
    }

    /// <summary>Writes the event, if that was not done.</summary>
    /// <param name="end">How the exchange ends, as far as is known.</param>
    /// <param name="untilSafe">Whether to wait until it is safe.</param>
    /// <returns>Whether it is in, and safe where that was asked for.</returns>
    private ValueTask<bool> CountUsageAsync(Termination end, bool untilSafe)
    {
        if (_isCounted || _policy.Metering is not { } metering)
        {
            return new(true);
        }

        if (!_isMeasured)
        {
            MeasureAtEnd(metering);
        }

        _isCounted = true;
        var ticket = _usage!; // measured, so it is there
        UsageRecord.WriteHead(ticket.Record, new UsageEnd(
            OutcomeOf(end),
            HasForeignId: false,
            metering.Recorder.NextId(),
            _path.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            _sentStatus,
            _down.BytesReceived + _tunnelledFromClient,
            (_upstream?.BytesReceived ?? _bytesFromServer) + _tunnelledFromServer));
        var added = metering.Recorder.AddAsync(ticket, untilSafe);
        return added.IsCompletedSuccessfully ? new(Settled(added.Result)) : AwaitUsageAsync(ticket, added);
    }

    /// <summary>A user's code that throws here must not keep the event from being written: it counts for nobody then.</summary>
    private void MeasureAtEnd(FrontendMetering metering)
    {
        try
        {
            MeasureUsage(isAnswered: false);
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name);
            metering.Measure(_usage!, null, _policy.Name, _backend?.Name, isAnswered: false); // MeasureUsage has made it
        }
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<bool> AwaitUsageAsync(UsageTicket ticket, ValueTask<bool> added)
    {
        if (_isUsageGivenUp)
        {
            ticket.Tell(isSafe: false); // who gave up may have come before the wait
        }

        return Settled(await added.ConfigureAwait(false));
    }

    private bool Settled(bool isSafe)
    {
        _usage = isSafe ? _usage : null; // somebody may still mean to end its wait
        return isSafe;
    }

    /// <summary>Nobody waits for the disk any longer. Any thread.</summary>
    private void GiveUpUsage()
    {
        _isUsageGivenUp = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _usage)?.Tell(isSafe: false);
    }

    /// <summary>A client that leaves in the middle pays, or leaving before the last byte would be free; where a server had no work with it, it has
    /// used nothing.</summary>
    private UsageOutcome OutcomeOf(Termination end)
    {
        if (_isRefused || end.Phase is ExchangePhase.Request or ExchangePhase.Tarpit)
        {
            return _context.Verdict is { Kind: VerdictKind.Reply } && _sentStatus is < 400 or >= 500 ? OutcomeOf(_sentStatus) : UsageOutcome.Refused;
        }

        return end.Cause is TerminationCause.None or TerminationCause.Local ? OutcomeOf(_sentStatus)
            : end.Cause is TerminationCause.ClientAbort or TerminationCause.ClientTimeout && _connectedAt != 0 ? UsageOutcome.Served
            : UsageOutcome.Failed;
    }

    private static UsageOutcome OutcomeOf(int status) => status >= 500 ? UsageOutcome.Failed : UsageOutcome.Served;
}
