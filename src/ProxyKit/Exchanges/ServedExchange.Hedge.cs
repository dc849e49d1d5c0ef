using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Resilience;

namespace ProxyKit.Exchanges;

/// <summary>Attempts at other servers, which join one that is slow (<see cref="HedgeRace"/>).</summary>
internal sealed partial class ServedExchange
{
    private HedgeRace? _race; // one to use again, and the one under way

    /// <summary>Has others join the attempt that has just got its server, should it be slow, and the request allow it.</summary>
    private void StartRace(HedgeOptions options)
    {
        if (!Request.Method.IsIdempotent() || (Request.Connection & ConnectionOptions.Upgrade) != 0 || _context.Settings.ForbidsReplay
            || _anyInformational || _attempts.IsTied || !(_firstBody.IsLast || _mayReplay) || _race is { IsStarted: true })
        {
            return;
        }

        var race = _race is { IsSpent: false } spare && spare.Wheel == _path.Wheel ? spare : new HedgeRace(_path.Wheel);
        Volatile.Write(ref _race, race);
        race.Start(this, options, _attempts.Server!); // picked
        if (_clientLeft || _isCutByStrategy || _cut != TerminationCause.None)
        {
            race.Cancel();
        }
    }

    /// <summary>What another server is sent; false while not all of the request is here. Called by the timer, with the race still on.</summary>
    internal bool TryDescribeHedge(out HedgeRequest request)
    {
        // A body that came bit by bit is in the copy, once it has been sent whole; one that came whole lies where it came.
        var isStreamed = !_firstBody.IsLast;
        request = default;
        if (_clientLeft || (isStreamed && !(_requestSent && _mayReplay)))
        {
            return false;
        }

        var settings = _context.Settings;
        request = new HedgeRequest(
            _path, _target!, _context, Request, isStreamed ? Replayed : _firstBody, RequestTrailers, // routed, or there were no attempt
            settings.ConnectTimeout ?? _backend!.ConnectTimeout, ServerTimeout, TakePooled);
        return true;
    }

    /// <summary>Ends the exchange's own attempt alone: another has answered. That one is waited for before the exchange goes on.</summary>
    internal void CutFirstAttempt()
    {
        _attempts.Cut();
        Volatile.Read(ref _upstream)?.Abort(); // or Use finds out
    }

    /// <summary>Behind an attempt: sees whether another was quicker, or may still answer where this one came to nothing.</summary>
    private ValueTask<Termination?> EndRaceAsync(HedgeRace race, Termination? failure) =>
        race.TryEndUnused() ? new(failure) : EndUsedRaceAsync(race, failure);

    private async ValueTask<Termination?> EndUsedRaceAsync(HedgeRace race, Termination? failure)
    {
        if (failure is { } end && !_attempts.IsCut)
        {
            _attempts.Report(_diedIdle ? AttemptOutcome.Abandoned : ServerAttempts.OutcomeOf(end), 0, _isReused);
            _attempts.EndAttempt(); // whoever waits for the slot need not wait for the others
        }

        if (failure is not null || RepeatsOn(_response.Status))
        {
            await race.SettleAsync().ConfigureAwait(false);
        }

        if (await race.EndAsync().ConfigureAwait(false) is not { } winner)
        {
            return failure;
        }

        if (_pump is not null)
        {
            await _pump.ConfigureAwait(false); // it has sent all, or there were no winner
        }

        TakeOver(winner);
        return null;
    }

    /// <summary>At the end, where something has failed on the way that should not have: nobody else is at work for the exchange any more.</summary>
    private static async ValueTask AbandonRaceAsync(HedgeRace race)
    {
        race.Cancel();
        if (await race.EndAsync().ConfigureAwait(false) is { } winner)
        {
            winner.Upstream.Dispose();
            winner.Attempts.Leave();
        }
    }

    private void TakeOver(HedgedAttempt winner)
    {
        DropUpstream();
        _attempts.TakeOver(winner.Attempts);
        _attempts.Uncut();
        _response.Release();
        (_response, winner.Response) = (winner.Response, _response);
        Response = _response;
        (_connectedAt, _respondedAt, _isReused) = (winner.ConnectedAt, winner.RespondedAt, winner.IsReused);
        _diedIdle = _isEmptyResponse = _discardsBody = false;
        _requestSent = true;
        _phase = ExchangePhase.Headers;
        _context.Server = _attempts.Server;
        Interlocked.Exchange(ref _upstream, winner.Upstream); // before _clientLeft is read
        if (_clientLeft || _cut != TerminationCause.None || _isCutByStrategy)
        {
            _upstream.Abort(); // whoever said so has seen the other one
        }
    }
}
