using ProxyKit.Rules.Actions;
using ProxyKit.Statistics;

namespace ProxyKit.Exchanges;

/// <summary>What the exchange leaves behind in the counters of all that it came by.</summary>
internal sealed partial class ServedExchange
{
    private TrafficEvent? _ruling; // what a rule has made of it
    private int _serverStatus; // of the response that a server gave, whatever the client got
    private int _failedBeforeBackend, _failedBeforeServer; // rewrites, which are those of whom there was by then
    private long _replyBytes;

    private void ResetTraffic()
    {
        _ruling = null;
        _serverStatus = _failedBeforeBackend = _failedBeforeServer = 0;
        _replyBytes = 0;
    }

    /// <summary>A request came.</summary>
    private void CountRequest()
    {
        _path.Traffic.Count(TrafficEvent.Request);
        _policy.Facts.Traffic.CountRequest(_startedAt);
    }

    /// <summary>Counts how it went: for the frontend and the listener, for the backend and the server where it came to those.</summary>
    private void CountTraffic(Termination end)
    {
        if (!_hasRequestLine)
        {
            if (_isSilent && (!_isFirstOfConnection || _policy.IgnoresProbes))
            {
                return; // the client has no more requests, which is nobody's error, or wanted to know whether it could connect
            }

            CountRequest();
        }

        var frontend = new TrafficTally(
            0,
            _down.BytesReceived + _tunnelledFromClient,
            _responseStarted ? _bytesFromServer + _tunnelledFromServer : _replyBytes,
            _context.FailedRewrites,
            null);
        frontend = TrafficOf(frontend, end);
        var answered = frontend.WithResponse(_sentStatus != 0 ? _sentStatus : !_hasRequestLine ? 400 : _isMute ? _replyStatus : 0);
        _policy.Facts.Traffic.End(answered);
        _context.Session.Bind.Traffic.End(answered);
        if (_backend is not { } backend)
        {
            return;
        }

        var times = _respondedAt == 0 ? default(TrafficTimes?) : new TrafficTimes(
            Math.Max(0, Between(_requestAt, _attempts.QueueEndedAt)),
            Math.Max(0, Between(_attempts.PickedAt, _connectedAt)),
            Math.Max(0, Between(_connectedAt, _respondedAt)),
            Between(_startedAt, _path.Time.GetTimestamp()));
        backend.State.Traffic.End((answered with { FailedRewrites = answered.FailedRewrites - _failedBeforeBackend, Times = times }).With(TrafficEvent.Ended));
        if (_attempts.Server is { } server)
        {
            var served = frontend with { FailedRewrites = Math.Max(0, frontend.FailedRewrites - _failedBeforeServer), Times = times };
            server.State.Traffic.End(_serverStatus == 0 ? served : served.WithResponse(_serverStatus).With(TrafficEvent.Ended));
        }
    }

    private TrafficTally TrafficOf(TrafficTally tally, Termination end) => _ruling is { } ruling ? tally.With(ruling)
        : _isSilent && _hasRequestLine ? tally // lost with a connection that had died while it was idle: no fault of the server, as in HAProxy
        : end.Count(tally);

    /// <summary>What is counted of a verdict; null for what is counted by how the exchange ended.</summary>
    private TrafficEvent? RulingOf(RuleVerdict verdict) => verdict.Kind switch
    {
        VerdictKind.Deny or VerdictKind.Tarpit or VerdictKind.Reject or VerdictKind.SilentDrop =>
            _context.IsInResponse ? TrafficEvent.DeniedResponse : TrafficEvent.DeniedRequest,
        VerdictKind.Reply when _backend is null => TrafficEvent.Intercepted,
        VerdictKind.Failure when verdict.Status >= 500 => TrafficEvent.InternalError,
        _ => null,
    };
}
