using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The body of the request: relayed beside the wait for the response, which may come first.</summary>
internal sealed partial class ServedExchange
{
    private Task? _pump;
    private Termination? _requestFailure;
    private volatile bool _discardsBody, _stopsPump, _requestSent;
    private bool _continueSent, _anyBody;

    /// <summary>Whether the client waits for a 100 before it sends the body, so that nobody can say whether what comes next is a body or
    /// another request.</summary>
    private bool AwaitsContinue => Request.ExpectsContinue && !_continueSent && !_anyBody && !_down.IsBodyComplete;

    /// <summary>The fields behind the body, as far as servers get them.</summary>
    private ReadOnlyMemory<byte> RequestTrailers => _backend!.DropsRequestTrailers ? default : _down.Trailers; // routed

    private void ResetRequestBody()
    {
        _pump = null;
        _requestFailure = null;
        _discardsBody = _stopsPump = _requestSent = false;
        _continueSent = _anyBody = false;
    }

    /// <summary>Relays the body as it comes. Runs beside the exchange's own flow, which goes on when the response does.</summary>
    private async Task PumpRequestBodyAsync(Http1Upstream upstream)
    {
        while (!_stopsPump)
        {
            var body = await _down.ReceiveBodyAsync().ConfigureAwait(false);
            if (body.Status != BodyStatus.Data)
            {
                _requestFailure = FailureOf(body.Status);
                if (!_discardsBody)
                {
                    upstream.Abort(); // wakes the exchange's own flow
                }

                return;
            }

            _anyBody = true;
            KeepForReplay(body.Segment);
            if (!_discardsBody)
            {
                var trailers = body.Segment.IsLast ? RequestTrailers : default;
                var sent = await upstream.SendBodyAsync(body.Segment, trailers).ConfigureAwait(false);
                if (sent.Error == TransportError.TimedOut)
                {
                    _requestFailure = new Termination(TerminationCause.ServerTimeout, ExchangePhase.Headers);
                    return; // the limit has broken the connection off, which wakes the exchange's own flow
                }

                if (sent.HasError)
                {
                    _discardsBody = true; // the server may have answered all the same: its response, or its end, is what counts
                }
            }

            if (body.Segment.IsLast)
            {
                OnRequestSent(upstream);
                return;
            }
        }
    }

    /// <summary>The request is complete: from here on it is the server's time that runs, and the client may leave.</summary>
    private void OnRequestSent(Http1Upstream upstream)
    {
        if (!_discardsBody)
        {
            upstream.EndRequest();
        }

        _attempts.SentAt = _path.Time.GetTimestamp();
        _requestSent = true; // last: only then can the upstream go to another exchange

        if (!_finished)
        {
            _down.WatchForDeparture(this);
        }
    }

    /// <summary>After the exchange: reads the rest of the body so that the next request can be found, or has the relaying flow end.</summary>
    private async ValueTask EndRequestBodyAsync()
    {
        _discardsBody = true;
        if (!_keepsClient)
        {
            _stopsPump = true;
            _down.StopReading();
        }

        if (_pump is not null)
        {
            await _pump.ConfigureAwait(false);
            _down.StopWatching(); // the flow may have begun to watch as its last act
            _keepsClient &= _requestFailure is null;
        }

        while (_keepsClient && !_down.IsBodyComplete)
        {
            var body = await _down.ReceiveBodyAsync().ConfigureAwait(false);
            _keepsClient = body.Status == BodyStatus.Data;
        }
    }

    private Termination FailureOf(BodyStatus status)
    {
        var phase = Response is null ? ExchangePhase.Headers : ExchangePhase.Data;
        return status switch
        {
            BodyStatus.Invalid => new(TerminationCause.Proxy, ExchangePhase.Data),
            BodyStatus.TimedOut => new(TerminationCause.ClientTimeout, phase),
            _ => new(TerminationCause.ClientAbort, phase),
        };
    }
}
