using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Exchanges;

/// <summary>What is written down about the exchange.</summary>
internal sealed partial class ServedExchange
{
    private long _startedAt, _requestAt, _connectedAt, _respondedAt;
    private long _bytesFromServer, _bytesToServer, _tunnelledFromClient, _tunnelledFromServer;
    private bool _hasRequestLine, _isRecorded;
    private System.Net.EndPoint? _serverSource, _serverAddress; // where the log wants them
    private Transport.Connection? _lastConnection; // to a server, likewise
    private long _number;
    private byte[]? _requestLine; // where the head is gone by the end
    private Termination _end; // normal until it has come
    private bool _isAnswered; // to the end, so that lines and rules may tell that it is one
    private int? _serverGlitches; // of a connection that is another's by now

    private void ResetRecord()
    {
        _startedAt = _requestAt = _connectedAt = _respondedAt = 0;
        _bytesFromServer = _bytesToServer = _tunnelledFromClient = _tunnelledFromServer = 0;
        _hasRequestLine = _isRecorded = false;
        _requestLine = null;
        _serverSource = _serverAddress = null;
        _lastConnection = null;
        _end = Termination.Normal;
        _isAnswered = false;
        _serverGlitches = null;
    }

    /// <summary>How it has ended; for those who ask before that, as if everything ended here. Rules for the proxy's own reply are among them, as in
    /// HAProxy.</summary>
    private Termination EndSoFar => _isAnswered ? _end : Termination.Normal;

    ExchangeRecord IRuleHost.Describe() => Describe(EndSoFar, statusBeforeAny: -1);

    bool IRuleHost.HasClientAborted => _end.Cause == TerminationCause.ClientAbort || (_clientLeft && !_isKilled);

    bool? IRuleHost.HasServerAborted => _connectedAt == 0 ? null
        : _end is { Cause: TerminationCause.ServerAbort, Phase: not (ExchangePhase.Queue or ExchangePhase.Connect) }
            && _context.Verdict is not { Kind: VerdictKind.Close }; // which ends it in the server's name

    void IRuleHost.Log(string origin)
    {
        if (IsRecorded)
        {
            Record(Describe(EndSoFar, statusBeforeAny: _context.Response?.Status ?? -1) with { Origin = origin });
        }
    }

    /// <summary>Tells the log of a step on the way that it wants to know of.</summary>
    /// <returns>Null: the exchange goes on.</returns>
    private Termination? RecordStep(LogSteps step, string origin)
    {
        if (_policy.Lines.Has(step))
        {
            try
            {
                ((IRuleHost)this).Log(origin);
            }
            catch (Exception e)
            {
                _path.Log.Failed(e, _policy.Name); // a user's logger threw
            }
        }

        return null;
    }

    int? IRuleHost.ClientGlitches => _down.Glitches;

    int? IRuleHost.ServerGlitches => _upstream?.Glitches ?? _serverGlitches;

    private bool IsRecorded => _policy.AccessLog && _path.Log.IsAccessEnabled && !IsPassedOver && _context.Settings.LogLevel != LogLevel.None;

    /// <summary>Whether there is nothing to tell: no request, and nobody who wants to know of that.</summary>
    private bool IsPassedOver => !_isEmpty ? _isSilent : _policy.IgnoresProbes || _policy.EmptyConnections switch
    {
        EmptyConnectionLines.All => false,
        EmptyConnectionLines.None => true,
        _ => _isSilent,
    };

    /// <summary>Tells the log how the exchange went, unless that was told ahead of its end.</summary>
    private void RecordOnce(Termination end)
    {
        try
        {
            if (IsRecorded && !_isRecorded && _policy.Lines.HasEnd)
            {
                _isRecorded = true;
                Record(Describe(end) with { Origin = _policy.Lines.OriginOfEnd });
            }
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name); // a user's logger threw; the connection goes on
        }
    }

    private void Record(in ExchangeRecord record) => AccessLine.Write(_path.Log, _policy, _context, in record);

    private ExchangeRecord Describe(Termination end, int statusBeforeAny = 0)
    {
        var now = _path.Time.GetTimestamp();
        var wasSent = _connectedAt != 0 || end.Phase == ExchangePhase.Connect;
        var server = _attempts.Server;
        var cookies = CookieLetters;
        var total = _isEmpty // the whole time was spent waiting, before there was an exchange
            ? (long)(_path.Time.GetUtcNow() - _context.Session.AcceptedAt).TotalMilliseconds
            : Between(_startedAt, now);
        var record = new ExchangeRecord
        {
            IsHttp = true,
            StartedAt = _isEmpty ? _context.Session.AcceptedAt : _path.Time.GetUtcNow() - _path.Time.GetElapsedTime(_startedAt, now),
            AcceptedAt = _isFirstOfConnection ? _context.Session.AcceptedAt : default,
            Number = _number,
            ServerSource = _upstream?.Connection.LocalEndPoint ?? _serverSource,
            ServerAddress = _upstream?.Connection.Destination ?? _serverAddress,
            Client = _context.SourceEndPoint,
            Frontend = _policy.Name,
            IsSecure = IsSecure,
            Backend = _backend?.Name ?? _policy.Name,
            Server = server?.Name,
            Timers = new ExchangeTimers(
                Request: Between(_startedAt, _requestAt),
                Queue: wasSent || end.Phase == ExchangePhase.Queue ? Between(_requestAt, _attempts.QueueEndedAt) : -1,
                Connect: Between(_attempts.PickedAt, _connectedAt),
                Response: Between(_connectedAt, _respondedAt),
                Active: total,
                Total: total),
            Status = _sentStatus != 0 ? _sentStatus
                : _isMute ? _replyStatus
                : _isEmpty ? end.Cause == TerminationCause.ClientTimeout ? 408 : 400 // though nobody gets it
                : end.Cause == TerminationCause.ClientAbort || _context.Verdict is { Kind: VerdictKind.Reject or VerdictKind.SilentDrop } ? -1
                : statusBeforeAny,
            BytesFromServer = (_upstream?.BytesReceived ?? _bytesFromServer) + _tunnelledFromServer,
            BytesFromClient = _down.BytesReceived + _tunnelledFromClient,
            BytesToServer = (_upstream?.BytesSent ?? _bytesToServer) + _tunnelledFromClient,
            BytesToClient = _down.BytesSent + _tunnelledFromServer,
            Cause = end.CauseLetter,
            Phase = end.PhaseLetter,
            RequestCookie = cookies.Request,
            ResponseCookie = cookies.Response,
            Concurrency = new ConcurrencyCounts(
                _path.Connections.Current, _policy.Connections.Current, _backend?.ActiveRequests ?? 0, server?.ActiveRequests ?? 0),
            Queues = _attempts.QueuePositions,
            IsEarly = _policy.Lines.IsEarly,
            Retries = _attempts.Retries,
            Redispatched = _attempts.Redispatched,
            RequestLine = _requestLine is { } line ? line : _hasRequestLine ? Request.StartLineBytes : default,
        };
        return _service is { } service ? DescribeService(record, service) : record;
    }

    private long Between(long from, long to) =>
        from == 0 || to == 0 ? -1 : (long)_path.Time.GetElapsedTime(from, to).TotalMilliseconds;
}
