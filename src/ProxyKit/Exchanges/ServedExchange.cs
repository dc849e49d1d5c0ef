using System.Diagnostics;
using System.Runtime.CompilerServices;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>
/// One request and its response on their way through the proxy. <see cref="RunAsync"/> is that way: each step returns null to go on or the
/// <see cref="Termination"/> that ends the exchange, and <see cref="FinishAsync"/> runs exactly once, whatever happened.
/// </summary>
/// <remarks>
/// One flow runs the steps. Beside it there may be the flow that relays a request's body (<c>ServedExchange.RequestBody.cs</c>), and a
/// callback from whoever notices that the client left; they only set flags, abort the upstream and cancel waits. Objects are reused:
/// <see cref="Reset"/> brings every field back. A request that has to wait for a slot leaves its object and goes on in another
/// (<c>ServedExchange.Park.cs</c>).
/// </remarks>
internal sealed partial class ServedExchange : HttpExchange, IDepartureObserver, IServerSession
{
    private ResponseHead _response = new(); // another one where another attempt was quicker
    private readonly Lock _killLock = new(); // guards _finished and the writes of _cut, and _down where Kill reads it
    private DataPath _path = null!; // set by Begin before anything else runs, as are the next three
    private FrontendPolicy _policy = null!;
    private IDownstream _down = null!;
    private SessionConnections _sessionConnections = null!;
    private Backend? _backend;
    private Http1Upstream? _upstream;
    private BodySegment _firstBody;
    private RequestMethod _clientMethod;
    private ExchangePhase _phase;
    private bool _isFirstOfConnection, _responseStarted, _keepsClient, _keepsServer, _finished, _isSilent, _isEmpty;
    private volatile bool _clientLeft, _isKilled;
    private TerminationCause _cut; // by those who know the server; None for by nobody
    private int _replyStatus, _sentStatus;

    /// <inheritdoc/>
    public override string FrontendName => _policy.Name;

    /// <inheritdoc/>
    public override string? BackendName => _backend?.Name;

    /// <inheritdoc/>
    public override string? ServerName => _attempts.Server?.Name;

    /// <summary>Whether the client connection's end should wait for what the client still sends.</summary>
    public bool NeedsLinger { get; private set; }

    /// <summary>Whether the client's connection is to be broken off, since the response on it stops short of its end.</summary>
    public bool BreaksOff { get; private set; }

    /// <summary>Takes the object into use for the next request of a client connection.</summary>
    public void Begin(
        DataPath path,
        FrontendPolicy policy,
        IDownstream down,
        SessionConnections sessionConnections,
        RuleSession session,
        bool isFirstOfConnection)
    {
        _path = path;
        _policy = policy;
        lock (_killLock)
        {
            _down = down;
        }

        _sessionConnections = sessionConnections;
        (ClientEndPoint, IsSecure) = (session.Source, session.IsSecure);
        _isFirstOfConnection = isFirstOfConnection;
        BeginRules(session);
    }

    /// <summary>Receives one request, has it answered, and says whether the connection can carry another. Where it has to wait for a slot first it
    /// says that in <see cref="Parked"/>.</summary>
    /// <param name="headDue">When the request's head must be complete, by the wheel's clock.</param>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<bool> RunAsync(long headDue)
    {
        Termination end;
        try
        {
            var refusal = _isUnparked
                ? null // it was here before, and has waited for a server
                : await ReceiveAsync(headDue).ConfigureAwait(false)
                ?? RecordStep(LogSteps.Request, "txn_request")
                ?? CheckMetering()
                ?? await AskFrontendAsync().ConfigureAwait(false)
                ?? await AuthenticateAsync().ConfigureAwait(false)
                ?? await AskTierAsync().ConfigureAwait(false)
                ?? Route()
                ?? await AskBackendAsync().ConfigureAwait(false)
                ?? await AdmitAsync().ConfigureAwait(false);
            end = refusal
                ?? await ForwardAsync().ConfigureAwait(false)
                ?? await AskAboutResponseAsync().ConfigureAwait(false)
                ?? TellServer()
                ?? await RelayAsync().ConfigureAwait(false);
            if (_context.Verdict is { Service: { } service })
            {
                end = await AskAboutServiceAsync(service, end).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // A user's condition or strategy, or a defect of ours: it ends this exchange and nothing else.
            _path.Log.Failed(e, _policy.Name);
            end = new Termination(TerminationCause.Internal, _phase);
        }

        if (Parked is not null)
        {
            return true;
        }

        if (end is { Cause: TerminationCause.Proxy, Phase: ExchangePhase.Tarpit })
        {
            end = await HoldAsync(end).ConfigureAwait(false);
        }

        return await FinishAsync(BrokenOffOr(end)).ConfigureAwait(false);
    }

    /// <summary>Ends the exchange now, whoever it waits for, and breaks the client's connection off. Any thread.</summary>
    /// <param name="down">Whose exchange is meant: the object may serve another client by now.</param>
    public void Kill(IDownstream down)
    {
        lock (_killLock)
        {
            if (_down != down)
            {
                return;
            }

            GiveUpUsage();
            if (!_finished)
            {
                _isKilled = true; // before anything breaks, so that the log names who did it
                down.Abort();
                GiveUp();
            }
        }
    }

    /// <summary>Ends what goes on with the server; the client is told, as far as it can be. Any thread.</summary>
    void IServerSession.Cut(long number, SessionCut why)
    {
        lock (_killLock)
        {
            if (_number == number && !_finished)
            {
                _cut = why == SessionCut.ServerDown ? TerminationCause.ServerDown : TerminationCause.BackupRelieved;
                _attempts.GiveUp();
                Volatile.Read(ref _race)?.Cancel(); // or StartRace finds out
                Volatile.Read(ref _upstream)?.Abort(); // or Use finds out
            }
        }
    }

    /// <summary>How it ends where somebody has broken it off. One that has come to its end all the same has: its client has the whole answer, and is charged.</summary>
    private Termination BrokenOffOr(Termination end)
    {
        lock (_killLock)
        {
            var cause = _isKilled ? TerminationCause.Killed : _cut;
            return cause == TerminationCause.None || end == Termination.Normal ? end : new Termination(cause, _phase);
        }
    }

    /// <summary>The client went away while its request was being served: there is nobody left to serve.</summary>
    void IDepartureObserver.OnClientLeft()
    {
        if (_backend is not { AbortOnClose: false })
        {
            GiveUp();
        }
    }

    /// <summary>Makes the object ready for another use.</summary>
    public void Reset()
    {
        Request.Release();
        _response.Release();
        Response = null;
        (ClientEndPoint, IsSecure, Principal) = (null, false, null);
        _path = null!;
        _policy = null!;
        lock (_killLock)
        {
            _down = null!;
            _finished = _isKilled = false;
            _number = 0; // who looks for the last exchange to cut it finds none
            _cut = TerminationCause.None;
        }

        _sessionConnections = null!;
        _backend = null;
        _binding.Reset();
        _upstream = null;
        _firstBody = default;
        _clientMethod = default;
        _phase = ExchangePhase.Complete;
        _isFirstOfConnection = _responseStarted = _keepsClient = _keepsServer = _isSilent = _isEmpty = false;
        _clientLeft = false;
        _replyStatus = _sentStatus = 0;
        NeedsLinger = BreaksOff = false;
        ResetAnswer();
        ResetService();
        ResetRules();
        ResetPark();
        ResetCircuits();
        ResetForward();
        ResetResilience();
        ResetRequestBody();
        ResetRecord();
        ResetTraffic();
        ResetUsage();
    }

    /// <summary>Step 1: the head of the request.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> ReceiveAsync(long due)
    {
        _phase = ExchangePhase.Request;
        _startedAt = _path.Time.GetTimestamp();
        _number = _path.NextNumber();
        _attempts.BelongTo(this, _number);
        var head = await _down.ReceiveRequestAsync(Request, due).ConfigureAwait(false);
        if (head.Status == HeadStatus.Complete)
        {
            _requestAt = _path.Time.GetTimestamp();
            _hasRequestLine = true;
            _clientMethod = Request.Method; // rules may change the one that goes to the server
            HopByHopHeaders.HideOwn(Request.Headers, Request.Connection);
            return null;
        }

        NeedsLinger = true;
        _isEmpty = !head.AnyByte && _isFirstOfConnection;
        switch (head.Status)
        {
            case HeadStatus.Refused:
                _replyStatus = head.Refusal;
                _isUnreadable = true;
                _path.Log.Refused(ClientEndPoint, _policy.Name, head.Reason ?? "malformed");
                return new(TerminationCause.Proxy, ExchangePhase.Request);
            case HeadStatus.TimedOut:
                _isSilent = !head.AnyByte && (!_isFirstOfConnection || _policy.IgnoresProbes);
                return new(TerminationCause.ClientTimeout, ExchangePhase.Request);
            default:
                _isSilent = !head.AnyByte;
                return new(TerminationCause.ClientAbort, ExchangePhase.Request);
        }
    }

    /// <summary>Step 3: the frontend's routes choose a backend.</summary>
    private Termination? Route()
    {
        var target = _policy.BackendFor(_context);
        if (target?.Backend.Mode == ProxyMode.Tcp)
        {
            _isMute = true;
            return new Termination(TerminationCause.Internal, ExchangePhase.Request); // by a name that an expression has made
        }

        EnterBackend(target);
        return _backend is null or { IsDisabled: true } ? new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect) : null;
    }

    /// <summary>The last step, once: answers if nobody did, gives back what the exchange holds, counts and logs; then, the exchange being
    /// over for everybody else, reads what is left of the request so that the connection can go on.</summary>
    /// <returns>Whether the client's connection can carry another request.</returns>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<bool> FinishAsync(Termination end)
    {
        Debug.Assert(!_finished, "an exchange ends once");
        lock (_killLock)
        {
            _finished = true;
        }

        _end = end;
        _down.StopWatching();
        if (_race is { IsStarted: true } race)
        {
            await AbandonRaceAsync(race).ConfigureAwait(false);
        }

        var answers = !_responseStarted && !_isSilent;
        if (answers)
        {
            PrepareAnswer(end);
        }

        ReleaseAll(end);
        if (answers)
        {
            await AnswerAsync(end).ConfigureAwait(false);
        }
        else if (end != Termination.Normal)
        {
            _keepsClient = false;
            BreaksOff = _responseStarted;
        }

        _isAnswered = true;
        CountEnd();
        CountTraffic(end);
        if (!_isSilent)
        {
            await CountUsageAsync(end, untilSafe: false).ConfigureAwait(false);
        }

        _backend?.State.Leave(); // the line tells how many are there besides, as HAProxy's does
        RecordOnce(end);
        if (_pump is not null || (_keepsClient && !_down.IsBodyComplete))
        {
            await EndRequestBodyAsync().ConfigureAwait(false);
        }

        NeedsLinger |= !_keepsClient && !_down.IsBodyComplete;
        return _keepsClient;
    }

    /// <summary>Breaks off what the exchange waits for at the server's side. Runs beside the exchange's own flow, which writes what it waits
    /// for and then looks at the flag, as this writes the flag and then looks for that.</summary>
    private void GiveUp()
    {
        _clientLeft = true;
        Interlocked.MemoryBarrier();
        _ = Volatile.Read(ref _givenUp)?.CancelAsync(); // elsewhere: a user's callbacks must not run under the watch's lock, nor throw here
        _attempts.GiveUp();
        Volatile.Read(ref _race)?.Cancel();
        Volatile.Read(ref _upstream)?.Abort();
    }

    private ConnectionOptions ConnectionTokenFor(bool closes) =>
        closes ? ConnectionOptions.Close
        : Request.Protocol == HttpProtocol.Http10 ? ConnectionOptions.KeepAlive
        : ConnectionOptions.None;

    /// <summary>Whether nothing behind this request may be read as another one, or the configuration wants none.</summary>
    private bool ForbidsKeepAlive(ResponseHead? response) =>
        _down.MustCloseAfter(Request, response)
        || _policy.ConnectionMode == ConnectionMode.Close
        || Request.Method == RequestMethod.Connect // what follows may be meant for the tunnel that did not come about
        || AwaitsContinue;
}
