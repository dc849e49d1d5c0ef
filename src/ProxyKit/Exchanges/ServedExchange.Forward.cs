using System.Runtime.CompilerServices;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Statistics;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>Steps 6 to 9, and the only loop around them: pick a server, connect or reuse, send the request, receive the response's head; and once more
/// elsewhere where that is allowed.</summary>
internal sealed partial class ServedExchange
{
    private readonly ServerAttempts _attempts = new();
    private bool _isReused, _diedIdle, _anyInformational, _closesServer;

    private void ResetForward()
    {
        _attempts.Reset();
        ResetRetry();
        _ownOfNameField = null;
        _poolNameLength = UnknownPool;
        _isReused = _diedIdle = _anyInformational = _closesServer = false;
    }

    /// <summary>How long the server may be inactive: as configured, unless a rule has said otherwise.</summary>
    private TimeSpan? ServerTimeout => _context.Settings.ServerTimeout ?? _backend!.ServerTimeout; // routed, so there is a backend

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> ForwardAsync()
    {
        var failure = _isUnparked ? null : PrepareRequest();
        while (failure is null)
        {
            failure = _target!.Pipeline is { } pipeline // routed
                ? await AttemptInPipelineAsync(pipeline).ConfigureAwait(false)
                : await PickAsync().ConfigureAwait(false)
                    ?? await ConnectAsync().ConfigureAwait(false)
                    ?? await SendAsync().ConfigureAwait(false)
                    ?? await ReceiveResponseAsync().ConfigureAwait(false);
            if (Parked is not null)
            {
                return failure;
            }

            if (_race is { IsStarted: true } race)
            {
                failure = await EndRaceAsync(race, failure).ConfigureAwait(false);
            }

            if (failure is not { } end)
            {
                _attempts.Report(AttemptOutcome.Responded, _response.Status, _isReused);
                if (!RepeatsOn(_response.Status)
                    || !await _attempts.MayRetryAsync(_path, _backend!, _context.Settings, new(TerminationCause.ServerAbort, ExchangePhase.Headers)).ConfigureAwait(false))
                {
                    EndCircuits(_attempts.Last);
                    return null;
                }

                PrepareReplay();
                continue;
            }

            _attempts.Report(_diedIdle ? AttemptOutcome.Abandoned : ServerAttempts.OutcomeOf(end), 0, _isReused);
            if (await MayRetryAsync(end).ConfigureAwait(false))
            {
                failure = null;
            }
        }

        EndCircuits(_attempts.Last);
        return failure;
    }

    /// <summary>Edits the request for the server, once for all attempts, and takes the body along where it is here already.</summary>
    private Termination? PrepareRequest()
    {
        Bind();
        _failedBeforeServer = _context.FailedRewrites;
        _closesServer = _policy.ConnectionMode == ConnectionMode.ServerClose || _backend!.CloseServerConnections;
        _closesServer |= (Request.Connection & ConnectionOptions.ClosedByRule) != 0;
        if (_context.Settings.ClientTimeout is { } limit)
        {
            _down.InactivityLimit = limit;
        }

        if (_policy.ForwardedHeaders != ForwardedHeaders.None)
        {
            ForwardedFields.Add(Request, _policy.ForwardedHeaders, ClientAddress, IsSecure);
        }

        AddressField.Add(Request, _policy.ForwardedFor, _target!.ForwardedFor, _context.SourceEndPoint); // routed
        AddressField.Add(Request, _policy.OriginalTo, _target.OriginalTo, _context.DestinationEndPoint);
        _target.Forwarded?.Add(Request, _context);

        if (_policy.Facts.UniqueId is { Field: { } field } uniqueId)
        {
            Request.Headers.Add(field, uniqueId.For(_context));
        }

        HopByHopHeaders.PrepareRequest(Request, _closesServer || Request.HadBothLengths, _backend!.PretendsKeepAlive);
        _target.RequestCase?.Apply(Request.Headers);
        if (_held is not null)
        {
            _firstBody = HeldBody;
        }
        else if (_down.IsBodyBuffered)
        {
            _firstBody = BodySegment.Empty;
            if (!_down.IsBodyComplete)
            {
                _down.TryTakeBody(out var body);
                if (body.Status != BodyStatus.Data)
                {
                    return FailureOf(body.Status);
                }

                _firstBody = body.Segment;
            }
        }

        BeginReplay();
        return null;
    }

    /// <summary>Step 6: a server, and a slot on it.</summary>
    private ValueTask<Termination?> PickAsync()
    {
        var pick = _isUnparked ? GoOnAsync() : BeginPickAsync();
        return pick.IsCompletedSuccessfully ? Picked(pick.Result) : AwaitSlotAsync(pick);
    }

    private ValueTask<PickStatus> BeginPickAsync()
    {
        TakeNameBack();
        _poolNameLength = UnknownPool; // evaluated once for each attempt: where it is filed is where it was looked for
        _phase = ExchangePhase.Connect;
        var bound = _attempts.Direction.Server
            ?? (_attempts.Retries == 0 ? _sessionConnections.FindHeld(_backend!) : null); // routed, so there is a backend
        return _attempts.PickAsync(_path, _target!, _context, bound); // routed
    }

    private ValueTask<PickStatus> GoOnAsync()
    {
        _isUnparked = false;
        return _attempts.GoOnAsync(_path, _target!, _context); // routed
    }

    private ValueTask<Termination?> Picked(PickStatus status)
    {
        if (status == PickStatus.Waits)
        {
            return new(Park());
        }

        if (status == PickStatus.NoServer && _target!.ServerCircuit is not null) // routed
        {
            return NoServerAsync();
        }

        if (status != PickStatus.Picked)
        {
            return new(ServerAttempts.TerminationOf(status));
        }

        _phase = ExchangePhase.Connect;
        _context.Server = _attempts.Server;
        if (_target!.Redirects is { } redirects && Request.Method is RequestMethod.Get or RequestMethod.Head // routed
            && redirects.TryGetValue(_attempts.Server!.Name, out var elsewhere)) // picked
        {
            _context.Verdict = elsewhere;
            Request.Connection |= ConnectionOptions.Close; // what the client wants is not to be had here
            return new(new Termination(TerminationCause.Local, ExchangePhase.Connect));
        }

        if (_target.Hedge is { } hedge)
        {
            StartRace(hedge);
        }

        return _clientLeft ? new(new Termination(TerminationCause.ClientAbort, ExchangePhase.Connect)) : default;
    }

    private async ValueTask<Termination?> NoServerAsync() =>
        await AnswerOpenServersAsync().ConfigureAwait(false) ?? ServerAttempts.TerminationOf(PickStatus.NoServer);

    /// <summary>Step 7: an idle connection, by the backend's reuse policy, or a new one.</summary>
    private ValueTask<Termination?> ConnectAsync()
    {
        var idle = _attempts.KeepsServer || AwaitsFreshOnly ? null : TakeIdle();
        if (idle is null)
        {
            return OpenAsync();
        }

        _isReused = true;
        _attempts.ConnectError = TransportError.None;
        _attempts.Server!.State.Count(TrafficEvent.Reuse); // picked
        return new(Use(idle));
    }

    /// <summary>A body that is still to come cannot be sent twice: such a request takes no connection that may have died idle where a
    /// failure would show.</summary>
    private bool AwaitsFreshOnly => !_down.IsBodyComplete && !Request.Method.IsIdempotent();

    private async ValueTask<Termination?> OpenAsync()
    {
        var pool = PoolNameOf(_attempts.Server!); // picked; and first, as a user's code in it may throw
        _isReused = false;
        _lastConnection = null;
        _serverGlitches = null;
        if (_down.IsBodyComplete)
        {
            _down.WatchForDeparture(this);
        }

        var result = await _attempts.OpenAsync(_path, _context, pool, _context.Settings.ConnectTimeout ?? _backend!.ConnectTimeout).ConfigureAwait(false);
        if (result.Connection is { } connection)
        {
            return Use(new Http1Upstream(connection, _path.Pool, _path.Wheel)
            {
                Closed = _attempts.Server!.Sockets?.Closed, // picked
                Resets = _backend!.ResetsConnections, // routed
                ProxyHeader = _attempts.ProxyHeader,
                PoolName = _attempts.PoolName,
                Marks = _context.Settings.ServerMarks,
            });
        }

        return _clientLeft
            ? new Termination(TerminationCause.ClientAbort, ExchangePhase.Connect)
            : ServerAttempts.TerminationOf(result.Error);
    }

    private Termination? Use(Http1Upstream upstream)
    {
        upstream.Uses++;
        upstream.BeginCount(); // whoever leaves before anything is sent pays for nothing of the last exchange
        upstream.IsLenient = _backend!.AcceptsUnsafeResponses; // routed
        upstream.KeepsBothLengths = _backend.KeepsBothLengths;
        upstream.InactivityLimit = ServerTimeout;
        Interlocked.Exchange(ref _upstream, upstream); // before _clientLeft, _cut and IsCut are read
        _connectedAt = _path.Time.GetTimestamp();
        RecordStep(LogSteps.Connect, "txn_connect");
        return _clientLeft ? new Termination(TerminationCause.ClientAbort, ExchangePhase.Connect)
            : _cut != TerminationCause.None ? new Termination(_cut, ExchangePhase.Connect)
            : _attempts.IsCut ? new Termination(TerminationCause.ServerTimeout, ExchangePhase.Connect)
            : null;
    }

    /// <summary>Step 8: the request's head with what is here of its body; the rest follows beside the next step.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> SendAsync()
    {
        _phase = ExchangePhase.Headers;
        var upstream = _upstream!; // connected
        TellName();
        var sent = await upstream.SendRequestAsync(Request, _firstBody, RequestTrailers).ConfigureAwait(false);
        if (sent.Error == TransportError.ResourceExhausted)
        {
            return new Termination(TerminationCause.Internal, ExchangePhase.Headers);
        }

        if (sent.Error == TransportError.TimedOut)
        {
            return new Termination(TerminationCause.ServerTimeout, ExchangePhase.Headers);
        }

        // Another error tells nothing yet: a server may answer early and close, and the answer be here. The next step finds out.
        if (_down.IsBodyComplete)
        {
            _requestSent = true;
            _down.WatchForDeparture(this);
        }
        else
        {
            _pump = PumpRequestBodyAsync(upstream);
        }

        return null;
    }

    /// <summary>Step 9: the head of the final response; informational ones are passed on as they come.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> ReceiveResponseAsync()
    {
        while (true)
        {
            var head = await _upstream!.ReceiveResponseAsync(_response, Request.Method).ConfigureAwait(false); // connected
            if (head.Status != HeadStatus.Complete)
            {
                return FailureOf(head);
            }

            if (!_response.IsInformational || _response.Status == 101)
            {
                _respondedAt = _path.Time.GetTimestamp();
                Response = _response;
                return _response.Status == 101 && !UpgradeResponse.Answers(_response, Request)
                    ? new Termination(TerminationCause.Proxy, ExchangePhase.Headers)
                    : null;
            }

            if (_race is { IsStarted: true } race && !race.TryWinForFirst())
            {
                return new Termination(TerminationCause.ServerAbort, ExchangePhase.Headers); // which nobody sees: another attempt has answered
            }

            _continueSent |= _response.Status == 100;
            _anyInformational = true;
            var sent = await _down.SendInformationalAsync(_response).ConfigureAwait(false);
            if (sent.HasError)
            {
                return new Termination(TerminationCause.ClientAbort, ExchangePhase.Headers);
            }

            _upstream.Buffer.ReleaseIfEmpty();
        }
    }

    private Termination FailureOf(HeadResult head)
    {
        if (_clientLeft)
        {
            return new(TerminationCause.ClientAbort, ExchangePhase.Headers);
        }

        if (_requestFailure is { } failure)
        {
            return failure;
        }

        if (head.Status == HeadStatus.TimedOut)
        {
            return new(TerminationCause.ServerTimeout, ExchangePhase.Headers);
        }

        if (head.Status == HeadStatus.Refused)
        {
            _path.Log.Refused(null, _attempts.Server!.ToString(), head.Reason ?? "malformed response");
            return new(TerminationCause.Proxy, ExchangePhase.Headers);
        }

        // The server gave the idle connection up while our request was on its way to it.
        _isEmptyResponse = !head.AnyByte;
        _diedIdle = _isReused && !head.AnyByte && !_anyInformational;
        return new(TerminationCause.ServerAbort, ExchangePhase.Headers);
    }
}
