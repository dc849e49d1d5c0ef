using System.Runtime.CompilerServices;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The wait for a slot, and what the client does meanwhile.</summary>
internal sealed partial class ServedExchange
{
    private volatile bool _stopsHolding;

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> AwaitSlotAsync(ValueTask<PickStatus> pick)
    {
        _phase = ExchangePhase.Queue;
        Task? holding = null;
        if (IsRequestOver)
        {
            _down.WatchForDeparture(this);
        }
        else if (_pump is null)
        {
            holding = HoldBodyAsync();
        }

        PickStatus status;
        try
        {
            status = await pick.ConfigureAwait(false);
        }
        finally
        {
            if (holding is not null)
            {
                await EndHoldingAsync(holding).ConfigureAwait(false);
            }
        }

        if (holding is not null && _requestFailure is { } failure)
        {
            return failure;
        }

        return await Picked(status).ConfigureAwait(false);
    }

    /// <summary>Thousands may wait: none of them keeps a buffer, or tables for a response that is far away. Before anybody else can see the wait, who
    /// might end it and have the request balanced anew.</summary>
    bool IServerSession.PrepareToWait()
    {
        _down.StopWatching(); // rules may have waited before
        _down.HoldLess(Request, ref _firstBody);
        _response.Headers.Shrink();
        return MayPark;
    }

    /// <summary>Takes what comes of a body that is not all here, as much as rules could have had of it: so the limit on the client holds, and its
    /// leaving is noticed. Runs beside the wait. Once there is no more room nobody reads, and the client is not asked for anything.</summary>
    private async Task HoldBodyAsync()
    {
        _down.ReceivesLittle = true;
        while (!_stopsHolding && !_down.IsBodyComplete && _heldLength < MostHeld)
        {
            var body = await _down.ReceiveBodyAsync().ConfigureAwait(false);
            if (body.Status != BodyStatus.Data)
            {
                OnBodyLost(body.Status);
                return;
            }

            KeepForReplay(body.Segment);
            Hold(body.Segment);
        }

        if (!_stopsHolding && _down.IsBodyComplete)
        {
            _down.WatchForDeparture(this);
        }
    }

    private void OnBodyLost(BodyStatus status)
    {
        if (_stopsHolding || (status is BodyStatus.Truncated or BodyStatus.Failed && _backend is { AbortOnClose: false }))
        {
            return; // whoever sends the body on finds out
        }

        _requestFailure = status switch
        {
            BodyStatus.Invalid => FailureOf(status),
            BodyStatus.TimedOut => new(TerminationCause.ClientTimeout, ExchangePhase.Queue),
            _ => new(TerminationCause.ClientAbort, ExchangePhase.Queue),
        };
        _attempts.GiveUp();
    }

    /// <summary>The wait is over: what was held goes first when the request is sent.</summary>
    private async ValueTask EndHoldingAsync(Task holding)
    {
        _stopsHolding = true;
        _down.StopReading();
        await holding.ConfigureAwait(false);
        _down.ResumeReading();
        _down.ReceivesLittle = _stopsHolding = false;
        if (_held is not null)
        {
            _firstBody = HeldBody;
            _context.RequestBody = _context.RequestBody.IsEmpty ? default : _held.AsMemory(Reserve, _heldLength);
        }
    }
}
