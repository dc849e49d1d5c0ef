using System.Runtime.CompilerServices;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>Step 12: the response goes to the client, or the connections become a tunnel.</summary>
internal sealed partial class ServedExchange
{
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination> RelayAsync()
    {
        _phase = ExchangePhase.Data;
        TellLimits(_response);
        if (!TryFinishResponse())
        {
            return EndOf(_context.Verdict!); // one of them failed, and said so
        }

        _sentStatus = _response.Status;
        var upstream = _upstream!; // a response came from it
        var tunnels = _response.Status == 101
            || (Request.Method == RequestMethod.Connect && _response.Status is >= 200 and < 300);
        _keepsClient = !tunnels && KeepsClient();
        _keepsServer = !tunnels && KeepsServer();
        upstream.IsPrivate |= AuthenticatesConnection(Request.Headers)
            || (_response.Status is 401 or 407 && AuthenticatesConnection(_response.Headers));
        var body = TakeFirstOfResponse(upstream, tunnels);
        if (body.Status != BodyStatus.Data)
        {
            return new(TerminationCause.Proxy, ExchangePhase.Headers); // broken before anything of it went out: a 502 can still say so
        }

        MeasureUsage(isAnswered: true);
        var isLast = body.Segment.IsLast;
        if (isLast && !tunnels && HoldsAnswer && !await CountUsageAsync(Termination.Normal, untilSafe: true).ConfigureAwait(false))
        {
            _sentStatus = 0; // what was used could not be kept, so it is not given away
            return new(TerminationCause.Resource, ExchangePhase.Headers);
        }

        if (_policy.Lines.IsEarly)
        {
            RecordOnce(Termination.Normal);
        }

        RecordStep(LogSteps.Response, "txn_response");
        _responseStarted = true;
        var trailers = isLast && !tunnels ? EndServer(upstream) : default;
        var sent = await _down.SendResponseAsync(_response, closes: !_keepsClient && !tunnels, body.Segment, trailers).ConfigureAwait(false);
        _response.Release(); // its buffer takes the body from here on
        if (_keepsResponseHead && _upstream is not null)
        {
            upstream.Buffer.ReleaseKept();
        }

        if (sent.HasError)
        {
            return FailureOf(BodyStatus.Data, sent.Error);
        }

        if (_heldResponseFailure is { } failure)
        {
            return FailureOf(failure, TransportError.None);
        }

        if (tunnels)
        {
            return await TunnelAsync(upstream).ConfigureAwait(false);
        }

        while (!isLast)
        {
            body = await upstream.ReceiveBodyAsync().ConfigureAwait(false);
            if (body.Status != BodyStatus.Data)
            {
                return FailureOf(body.Status, TransportError.None);
            }

            isLast = body.Segment.IsLast;
            if (isLast && HoldsAnswer && !await CountUsageAsync(Termination.Normal, untilSafe: true).ConfigureAwait(false))
            {
                return new(TerminationCause.Resource, ExchangePhase.Data);
            }

            sent = await _down.SendBodyAsync(body.Segment, isLast ? EndServer(upstream) : default).ConfigureAwait(false);
            if (sent.HasError)
            {
                return FailureOf(BodyStatus.Data, sent.Error);
            }
        }

        return Termination.Normal;
    }

    /// <summary>Whether the server's connection outlasts this response, as far as the heads tell.</summary>
    private bool KeepsServer() =>
        !_closesServer
        && !Request.HadBothLengths
        && !_response.HadBothLengths
        && _response.Framing != BodyFraming.UntilClose
        && (_response.Connection & ConnectionOptions.Close) == 0
        && !_attempts.Server!.IsWhereClientsWant // a response came from it; where that was, another client need not want to go
        && (_response.Protocol == HttpProtocol.Http11 || (_response.Connection & ConnectionOptions.KeepAlive) != 0);

    /// <summary>Whether a message asks for, or uses, a scheme that authenticates the connection rather than the request.</summary>
    private static bool AuthenticatesConnection(HeaderBlock headers)
    {
        for (var i = 0; i < headers.TableLength; i++)
        {
            if (headers.KnownAt(i) is KnownHeader.WwwAuthenticate or KnownHeader.ProxyAuthenticate
                or KnownHeader.Authorization or KnownHeader.ProxyAuthorization)
            {
                var value = headers.ValueAt(i);
                if (StartsWith(value, "NTLM"u8) || StartsWith(value, "Negotiate"u8))
                {
                    return true;
                }
            }
        }

        return false;

        static bool StartsWith(ReadOnlySpan<byte> value, ReadOnlySpan<byte> scheme) =>
            value.Length >= scheme.Length && System.Text.Ascii.EqualsIgnoreCase(value[..scheme.Length], scheme);
    }

    private bool KeepsClient() =>
        !ForbidsKeepAlive(_response) && !_response.HadBothLengths;

    /// <summary>What ended the relay: the server's side where it failed, the client's where the sending did.</summary>
    private Termination FailureOf(BodyStatus status, TransportError sendError)
    {
        if (status == BodyStatus.Data)
        {
            return sendError switch
            {
                TransportError.TimedOut => new(TerminationCause.ClientTimeout, ExchangePhase.Data),
                TransportError.ResourceExhausted => new(TerminationCause.Internal, ExchangePhase.Headers),
                _ => new(TerminationCause.ClientAbort, ExchangePhase.Data),
            };
        }

        if (_clientLeft)
        {
            return new(TerminationCause.ClientAbort, ExchangePhase.Data);
        }

        return _requestFailure ?? status switch
        {
            BodyStatus.TimedOut => new(TerminationCause.ServerTimeout, ExchangePhase.Data),
            BodyStatus.Invalid => new(TerminationCause.Proxy, ExchangePhase.Data),
            _ => new(TerminationCause.ServerAbort, ExchangePhase.Data),
        };
    }

    private async ValueTask<Termination> TunnelAsync(Http1Upstream upstream)
    {
        _down.StopWatching();
        if (_pump is not null)
        {
            await _pump.ConfigureAwait(false); // RFC 9110 §7.8: the upgrade takes place behind the request's body
            _down.StopWatching(); // the flow may have begun to watch as its last act
            _pump = null;
            if (_requestFailure is { } failure)
            {
                return failure;
            }
        }

        _requestLine = Request.StartLineBytes.ToArray(); // for the log, so that a tunnel, which may last for days, holds no buffer
        Request.Release();
        var tunnel = new Tunnel(_path, _policy, _backend!, _context.Settings, _down.DetachForTunnel(), upstream.DetachForTunnel());
        var end = await tunnel.RunAsync().ConfigureAwait(false);
        _tunnelledFromClient = tunnel.BytesFromClient;
        _tunnelledFromServer = tunnel.BytesFromServer;
        return end;
    }
}
