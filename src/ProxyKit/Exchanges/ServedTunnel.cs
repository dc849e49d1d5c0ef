using Microsoft.Extensions.Logging;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Statistics;
using ProxyKit.Stickiness;
using ProxyKit.StickTables;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>One client connection of a TCP frontend on its way: rules, route, pick, connect, relay, finish.</summary>
internal sealed partial class ServedTunnel : IDepartureObserver, IRuleHost, IServerSession
{
    private readonly DataPath _path;
    private readonly FrontendPolicy _policy;
    private readonly Connection _client;
    private readonly long _startedAt, _number;
    private readonly ServerAttempts _attempts = new();
    private readonly ReceiveBuffer _received;
    private readonly RuleContext _context = new();
    private ContentInspection? _inspection; // where there are rules about what the client sends
    private ResponseInspection? _responseInspection; // where there are rules about what the server sends
    private BackendPolicy? _target;
    private ClientBinding? _binding; // where something binds clients to the servers of the backend
    private Connection? _upstream;
    private Tunnel? _tunnel;
    private CancellationTokenSource? _givenUp; // where a rule waits
    private long _connectedAt;
    private bool _isRecorded; // in the access log
    private volatile bool _clientLeft, _isKilled;
    private TerminationCause _killer = TerminationCause.Killed;
    private Termination _end; // normal until it has come

    public ServedTunnel(DataPath path, FrontendPolicy policy, Connection client, RuleSession session)
    {
        _path = path;
        _policy = policy;
        _client = client;
        _startedAt = path.Time.GetTimestamp();
        _number = path.NextNumber();
        _received = new ReceiveBuffer(path.Pool);
        _context.Session = session;
        _context.Frontend = policy.Facts;
        _context.Backend = policy.Facts.OwnBackend;
        _context.Host = this;
        _attempts.BelongTo(this, _number);
    }

    CancellationToken IRuleHost.GivenUp
    {
        get
        {
            var source = _givenUp ?? new CancellationTokenSource();
            Interlocked.Exchange(ref _givenUp, source); // before _isKilled is read
            if (_isKilled)
            {
                _ = source.CancelAsync();
            }

            return source.Token;
        }
    }

    DateTimeOffset IRuleHost.StartedAt => _path.Time.GetUtcNow() - _path.Time.GetElapsedTime(_startedAt, _path.Time.GetTimestamp());

    /// <summary>Runs the connection to its end; the client's connection remains the caller's to dispose of.</summary>
    /// <returns>What has come where a rule wants it be read as HTTP, so that this is no tunnel; null where it has ended.</returns>
    public async ValueTask<byte[]?> RunAsync()
    {
        Termination end;
        try
        {
            var refusal = await AskAsync(_policy.Rules).ConfigureAwait(false);
            if (refusal is null && _context.Settings.SwitchesToHttp)
            {
                return HandOver();
            }

            end = refusal
                ?? Route()
                ?? await AskAsync(_target!.Rules).ConfigureAwait(false) // routed
                ?? await ConnectAsync().ConfigureAwait(false)
                ?? await RelayAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name);
            end = new Termination(TerminationCause.Internal, _tunnel is null ? ExchangePhase.Connect : ExchangePhase.Data);
        }

        var phase = _tunnel is null ? ExchangePhase.Connect : ExchangePhase.Data;
        Finish(_isKilled ? new Termination(_killer, phase) : end);
        return null;
    }

    /// <summary>Lets go of everything without a word: whoever serves the requests counts and tells of them.</summary>
    private byte[] HandOver()
    {
        _inspection?.Release();
        var received = _received.TakeAll();
        _context.Reset();
        return received;
    }

    /// <summary>Ends the attempt to connect or the relay, and breaks the client's connection off. Any thread.</summary>
    public void Kill()
    {
        _isKilled = true; // before anything breaks, so that the log names who did it
        _client.Abort();
        _ = Volatile.Read(ref _givenUp)?.CancelAsync();
        _attempts.GiveUp();
        Volatile.Read(ref _inspection)?.Stop();
        Volatile.Read(ref _responseInspection)?.Stop();
    }

    /// <summary>Breaks it off, since its server is not to serve it any longer. Any thread.</summary>
    void IServerSession.Cut(long number, SessionCut why)
    {
        _killer = why == SessionCut.ServerDown ? TerminationCause.ServerDown : TerminationCause.BackupRelieved; // before the flag is set
        Kill();
    }

    ExchangeRecord IRuleHost.Describe() => Describe(_end);

    bool IRuleHost.HasClientAborted => _end.Cause == TerminationCause.ClientAbort || (_clientLeft && !_isKilled);

    bool? IRuleHost.HasServerAborted => _connectedAt == 0 ? null : _end is { Cause: TerminationCause.ServerAbort, Phase: ExchangePhase.Data };

    void IRuleHost.Log(string origin)
    {
        if (IsRecorded)
        {
            Record(Describe(_end) with { Origin = origin });
        }
    }

    ValueTask<bool> IRuleHost.DelayAsync(TimeSpan time) => _attempts.WaitAsync(_path, time);

    ValueTask<BodyWait> IRuleHost.WaitForBodyAsync(int? atLeast, TimeSpan? limit) => new(BodyWait.Done); // there is none

    Connection? IRuleHost.ServerConnection => _upstream;

    TransportError? IRuleHost.ConnectError => _attempts.ConnectError;

    ValueTask IRuleHost.SendInformationalAsync(ReadOnlyMemory<byte> head) => ValueTask.CompletedTask;

    /// <summary>The client left before it had said anything: there is nothing to deliver and nobody to deliver to. One that leaves behind its
    /// first bytes may have meant them all the same (HAProxy does so too), and finds its way to a server.</summary>
    void IDepartureObserver.OnClientLeft()
    {
        _clientLeft = true;
        _attempts.GiveUp();
    }

    /// <summary>What the rules make of what the client has sent.</summary>
    private async ValueTask<Termination?> AskAsync(RuleSet rules)
    {
        if (rules.Content is not { } content)
        {
            return null;
        }

        Volatile.Write(ref _inspection, _inspection ?? new ContentInspection(_path, _client, _received, _context, this, isServer: false));
        var outcome = await _inspection!.AskAsync(content, rules.InspectDelay).ConfigureAwait(false); // made a line ago
        return outcome == RuleOutcome.Final ? new Termination(TerminationCause.Proxy, ExchangePhase.Request)
            : _isKilled ? new Termination(TerminationCause.Killed, ExchangePhase.Request)
            : null;
    }

    /// <summary>The frontend's routes choose a backend.</summary>
    private Termination? Route()
    {
        var target = _policy.BackendFor(_context);
        if (target?.Backend.Mode == ProxyMode.Http)
        {
            return new Termination(TerminationCause.Internal, ExchangePhase.Request); // by a name that an expression has made
        }

        _target = target;
        _context.Backend = _target?.Backend;
        _target?.Backend.State.Enter();
        if (_target?.Stickiness is { } stickiness)
        {
            stickiness.Begin(_context, _binding = new ClientBinding());
        }

        return _target is null or { Backend.IsDisabled: true } ? new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect) : null;
    }

    private async ValueTask<Termination?> ConnectAsync()
    {
        var watch = new DepartureWatch(_client, _received);
        watch.Start(this);
        try
        {
            var failure = await AttemptAsync().ConfigureAwait(false);
            return _clientLeft
                ? new Termination(TerminationCause.ClientAbort, failure?.Phase == ExchangePhase.Queue ? ExchangePhase.Queue : ExchangePhase.Connect)
                : failure;
        }
        finally
        {
            watch.Stop(); // also where a user's strategy throws: the buffer is not the watch's any more
        }
    }

    private async ValueTask<Termination?> AttemptAsync()
    {
        var backend = _target!.Backend; // routed
        var settings = _context.Settings;
        _attempts.Direction = _binding is null ? default : _target.Stickiness!.Direct(_context, _binding); // routed to where there is some
        while (true)
        {
            var status = await _attempts.PickAsync(_path, _target, _context, _attempts.Direction.Server).ConfigureAwait(false);
            if (status != PickStatus.Picked)
            {
                return ServerAttempts.TerminationOf(status);
            }

            _context.Server = _attempts.Server;
            var result = await _attempts.OpenAsync(_path, _context, pool: null, settings.ConnectTimeout ?? backend.ConnectTimeout).ConfigureAwait(false);
            if (result.Connection is { } connection)
            {
                _upstream = connection;
                _connectedAt = _path.Time.GetTimestamp();
                RecordStep(LogSteps.Connect, "txn_connect");
                _attempts.Report(AttemptOutcome.Responded, 0, wasReused: false);
                if (_binding is not null)
                {
                    _target.Stickiness!.Learn(_context, _binding, _attempts.Server); // as above
                }

                return null;
            }

            var failure = ServerAttempts.TerminationOf(result.Error);
            _attempts.Report(_clientLeft ? AttemptOutcome.Abandoned : ServerAttempts.OutcomeOf(failure), 0, wasReused: false);
            if (!await _attempts.MayRetryAsync(_path, backend, settings, failure).ConfigureAwait(false))
            {
                return failure;
            }
        }
    }

    private async ValueTask<Termination> RelayAsync()
    {
        if (_policy.Lines.IsEarly)
        {
            RecordOnce(Termination.Normal);
        }

        var early = _received.TakeAll();
        _context.Received = default; // gone with the buffer
        if (_target!.Rules.ResponseContent is not null) // routed
        {
            Volatile.Write(ref _responseInspection, new ResponseInspection(_path, _upstream!, _target.Rules, _context, this)); // connected
        }

        _tunnel = new Tunnel(
            _path, _policy, _target.Backend, _context.Settings, new TunnelEnd(_client, early), new TunnelEnd(_upstream!, default), _responseInspection); // connected
        return await _tunnel.RunAsync().ConfigureAwait(false);
    }

    private void Finish(Termination end)
    {
        _end = end;
        var anyByte = _received.Length > 0 || _tunnel is { BytesFromClient: > 0 };
        _inspection?.Release();
        _responseInspection?.Release();
        _received.Release();
        _attempts.Leave();
        CountEnd();
        CountTraffic(end);
        _target?.Backend.State.Leave(); // the line tells how many are there besides, as HAProxy's does
        if (anyByte || _policy.EmptyConnections != EmptyConnectionLines.None)
        {
            RecordOnce(end);
        }

        if (_upstream is not null)
        {
            if (_target!.Backend.ResetsConnections) // connected to a server of it
            {
                _upstream.Abort();
            }

            _upstream.Dispose(); // behind the line, which may tell its addresses
            _attempts.Server!.Sockets?.Close(); // connected to it
        }
    }

    /// <summary>Counts what went through for what is tracked, and lets go of it.</summary>
    private void CountEnd()
    {
        var (own, session) = (_context.Counters, _context.Session.Counters);
        TrackedCounters.Count(own, session, StickDataType.BytesIn, StickDataType.BytesInRate, _tunnel?.BytesFromClient ?? 0);
        TrackedCounters.Count(own, session, StickDataType.BytesOut, StickDataType.BytesOutRate, _tunnel?.BytesFromServer ?? 0);
        own.Release();
    }

    /// <summary>Counts how it went, for all that it came by.</summary>
    private void CountTraffic(Termination end)
    {
        var tally = new TrafficTally(0, _tunnel?.BytesFromClient ?? 0, _tunnel?.BytesFromServer ?? 0, 0, null);
        tally = end switch
        {
            { Cause: TerminationCause.Proxy } => tally.With(_tunnel is null ? TrafficEvent.DeniedRequest : TrafficEvent.DeniedResponse),
            { Cause: TerminationCause.ServerAbort, Phase: ExchangePhase.Data } => tally.With(TrafficEvent.ServerAbort), // there is no response to be whole
            _ => end.Count(tally),
        };
        _policy.Facts.Traffic.End(tally);
        _context.Session.Bind.Traffic.End(tally);
        var timed = _connectedAt == 0 ? tally : tally with
        {
            Times = new TrafficTimes(
                Math.Max(0, Between(_startedAt, _attempts.QueueEndedAt)),
                Math.Max(0, Between(_attempts.PickedAt, _connectedAt)),
                0,
                Between(_startedAt, _path.Time.GetTimestamp())),
        };
        _target?.Backend.State.Traffic.End(timed);
        _attempts.Server?.State.Traffic.End(timed);
    }

    private long Between(long from, long to) =>
        from == 0 || to == 0 ? -1 : (long)_path.Time.GetElapsedTime(from, to).TotalMilliseconds;
}
