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
                _down.StopWatching();
                _attempts.Repeat(); // this is no fault of the server
                return true;
            }

            // As HAProxy does: the client sees its connection close and knows better than we do whether to repeat.
            _isSilent = true;
            return false;
        }

        return failure is { Phase: ExchangePhase.Connect, Cause: not TerminationCause.ClientAbort }
            && await _attempts.MayRetryAsync(_path, _backend!, _context.Settings, failure).ConfigureAwait(false); // routed, so there is a backend
    }

    private void DropUpstream()
    {
        var upstream = _upstream;
        Volatile.Write(ref _upstream, null);
        upstream?.Dispose();
    }
}
