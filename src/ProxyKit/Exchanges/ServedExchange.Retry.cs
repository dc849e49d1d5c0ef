using ProxyKit.Backends;
using ProxyKit.Http;

namespace ProxyKit.Exchanges;

/// <summary>What a failed attempt means for the exchange: another one, or its end.</summary>
internal sealed partial class ServedExchange
{
    /// <summary>Whether the exchange goes on with another attempt, which is prepared then. A fact about the failure: nothing was sent yet, or nothing was
    /// answered on a connection that had died idle.</summary>
    private async ValueTask<bool> MayRetryAsync(Termination failure)
    {
        if (_diedIdle)
        {
            _diedIdle = false;
            if (_pump is null && Request.Method.IsIdempotent())
            {
                DropUpstream();
                ReleaseServer();
                _down.StopWatching();
                _wantsFresh = true; // the same server again; this is no fault of it, and counts as no retry
                return true;
            }

            // As HAProxy does: the client sees its connection close and knows better than we do whether to repeat.
            _isSilent = true;
            return false;
        }

        if (failure.Phase != ExchangePhase.Connect || failure.Cause is TerminationCause.ClientAbort
            || _server is null || _retries >= (_context.Settings.Retries ?? _backend!.Retries))
        {
            return false;
        }

        _retries++;
        ReleaseServer();
        _wantsFresh = false;
        var redispatches = _backend!.Redispatch && _backend.CandidateCount > 1;
        _avoid = redispatches ? _server : null;
        if (!redispatches)
        {
            _wantsFresh = true; // keeps the server; a connection is what could not be had
            if (failure.Cause == TerminationCause.ServerAbort)
            {
                await WaitForTurnAroundAsync().ConfigureAwait(false);
            }
        }

        return !_clientLeft;
    }

    private async ValueTask WaitForTurnAroundAsync()
    {
        using var attempt = new ConnectAttempt(_path.Wheel);
        Interlocked.Exchange(ref _attempt, attempt); // before _clientLeft is read
        if (!_clientLeft)
        {
            await TurnAround.WaitAsync(attempt, _context.Settings.ConnectTimeout ?? _backend!.ConnectTimeout).ConfigureAwait(false);
        }

        Volatile.Write(ref _attempt, null);
    }

    private void DropUpstream()
    {
        var upstream = _upstream;
        Volatile.Write(ref _upstream, null);
        upstream?.Dispose();
    }
}
