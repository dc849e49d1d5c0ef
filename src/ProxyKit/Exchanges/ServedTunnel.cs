using Microsoft.Extensions.Logging;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>One client connection of a TCP frontend on its way: pick, connect, relay, finish.</summary>
internal sealed class ServedTunnel : IRuleHost
{
    private readonly DataPath _path;
    private readonly FrontendPolicy _policy;
    private readonly Connection _client;
    private readonly RuleContext _context = new();
    private readonly ContentInspection _inspection;
    private readonly long _startedAt;
    private BackendPolicy? _target;
    private Server? _server;
    private Connection? _upstream;
    private Tunnel? _tunnel;
    private long _connectedAt;
    private int _retries;
    private bool _redispatched, _entered;
    private ConnectAttempt? _attempt;
    private volatile bool _isKilled;

    public ServedTunnel(DataPath path, FrontendPolicy policy, Connection client, RuleSession session)
    {
        _path = path;
        _policy = policy;
        _client = client;
        _startedAt = path.Time.GetTimestamp();
        _context.Session = session;
        _context.Frontend = policy.Facts;
        _context.Host = this;
        _inspection = new ContentInspection(path, client, _context, this);
    }

    DateTimeOffset IRuleHost.StartedAt => _path.Time.GetUtcNow() - _path.Time.GetElapsedTime(_startedAt, _path.Time.GetTimestamp());

    /// <summary>Runs the connection to its end; the client's connection remains the caller's to dispose of.</summary>
    public async ValueTask RunAsync()
    {
        Termination end;
        try
        {
            end = await AskAsync(_policy.Rules).ConfigureAwait(false)
                ?? Route()
                ?? await AskAsync(_target!.Rules).ConfigureAwait(false) // routed
                ?? await ConnectAsync().ConfigureAwait(false)
                ?? await RelayAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name);
            end = new Termination(TerminationCause.Internal, ExchangePhase.Connect);
        }

        Finish(end);
    }

    /// <summary>Ends an attempt to connect that is under way; a relay ends with the client's connection, which is broken off already. Any
    /// thread.</summary>
    public void Kill()
    {
        _isKilled = true;
        Interlocked.MemoryBarrier(); // before the attempt is read
        _inspection.Stop();
        Volatile.Read(ref _attempt)?.Cancel();
    }

    ExchangeRecord IRuleHost.Describe() => Describe(new Termination(TerminationCause.None, ExchangePhase.Complete));

    async ValueTask<bool> IRuleHost.DelayAsync(TimeSpan time)
    {
        using var attempt = new ConnectAttempt(_path.Wheel);
        Interlocked.Exchange(ref _attempt, attempt); // before _isKilled is read
        if (!_isKilled)
        {
            await attempt.WaitAsync(time).ConfigureAwait(false);
        }

        Volatile.Write(ref _attempt, null);
        return !_isKilled;
    }

    ValueTask<BodyWait> IRuleHost.WaitForBodyAsync(int? atLeast, TimeSpan? limit) => new(BodyWait.Done); // there is none

    ValueTask IRuleHost.SendInformationalAsync(ReadOnlyMemory<byte> head) => ValueTask.CompletedTask;

    /// <summary>What the rules make of what the client has sent.</summary>
    private async ValueTask<Termination?> AskAsync(RuleSet rules)
    {
        if (rules.Content is not { } content)
        {
            return null;
        }

        var outcome = await _inspection.AskAsync(content, rules.InspectDelay).ConfigureAwait(false);
        return _isKilled ? new Termination(TerminationCause.Killed, ExchangePhase.Request)
            : outcome == RuleOutcome.Final ? new Termination(TerminationCause.Proxy, ExchangePhase.Request)
            : null;
    }

    /// <summary>The frontend's routes choose a backend.</summary>
    private Termination? Route()
    {
        _target = _policy.BackendFor(_context);
        _context.Backend = _target?.Backend;
        return _target is null ? new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect) : null;
    }

    private async ValueTask<Termination?> ConnectAsync()
    {
        var backend = _target!.Backend; // routed
        Server? avoid = null;
        var again = false;
        while (true)
        {
            if (!again && !backend.TryPick(null, avoid, out _server))
            {
                return new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect);
            }

            _redispatched |= avoid is not null && _server != avoid;
            _context.Server = _server;
            _server!.State.Enter(); // picked
            _entered = true;
            using var attempt = new ConnectAttempt(_path.Wheel);
            Interlocked.Exchange(ref _attempt, attempt); // before _isKilled is read
            attempt.Set(backend.ConnectTimeout);
            var result = _isKilled
                ? ConnectResult.Failed(TransportError.Aborted)
                : await Connector.OpenAsync(_path.Transport, _server, attempt).ConfigureAwait(false);
            if (_isKilled)
            {
                result.Connection?.Dispose();
                return new Termination(TerminationCause.Killed, ExchangePhase.Connect);
            }

            if (result.Connection is { } connection)
            {
                _upstream = connection;
                _connectedAt = _path.Time.GetTimestamp();
                return null;
            }

            if (_retries >= backend.Retries)
            {
                return result.Error switch
                {
                    TransportError.TimedOut => new Termination(TerminationCause.ServerTimeout, ExchangePhase.Connect),
                    TransportError.ResourceExhausted => new Termination(TerminationCause.Resource, ExchangePhase.Connect),
                    _ => new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect),
                };
            }

            _retries++;
            _entered = false;
            _server.State.Leave();
            again = !backend.Redispatch || backend.CandidateCount == 1;
            avoid = again ? null : _server;
            if (again && result.Error != TransportError.TimedOut)
            {
                using var pause = new ConnectAttempt(_path.Wheel);
                Interlocked.Exchange(ref _attempt, pause); // before _isKilled is read
                if (!_isKilled)
                {
                    await TurnAround.WaitAsync(pause, backend.ConnectTimeout).ConfigureAwait(false);
                }
            }
        }
    }

    private async ValueTask<Termination> RelayAsync()
    {
        var early = new TunnelEnd(_client, _inspection.Received);
        _tunnel = new Tunnel(_path, _policy, _target!.Backend, early, new TunnelEnd(_upstream!, default)); // routed and connected
        return await _tunnel.RunAsync().ConfigureAwait(false);
    }

    private void Finish(Termination end)
    {
        _upstream?.Dispose();
        _inspection.Release();
        if (_entered)
        {
            _server!.State.Leave(); // entered, so there is one
        }

        if (_policy.AccessLog && _path.Log.IsAccessEnabled && _context.Settings.LogLevel != LogLevel.None)
        {
            Record(end);
        }
    }

    private void Record(Termination end) => _path.Log.Ended(Describe(end));

    private ExchangeRecord Describe(Termination end)
    {
        var now = _path.Time.GetTimestamp();
        var total = (long)_path.Time.GetElapsedTime(_startedAt, now).TotalMilliseconds;
        return new ExchangeRecord
        {
            IsHttp = false,
            StartedAt = _path.Time.GetUtcNow() - _path.Time.GetElapsedTime(_startedAt, now),
            Client = _context.SourceEndPoint,
            Frontend = _policy.Name,
            IsSecure = _context.Session.IsSecure,
            Backend = _target?.Backend.Name ?? _policy.Name,
            Server = _server?.Name,
            Timers = new ExchangeTimers(
                Request: -1,
                Queue: _server is null ? -1 : 0,
                Connect: _connectedAt == 0 ? -1 : (long)_path.Time.GetElapsedTime(_startedAt, _connectedAt).TotalMilliseconds,
                Response: -1,
                Active: total,
                Total: total),
            Status = 0,
            BytesFromServer = _tunnel?.BytesFromServer ?? 0,
            BytesFromClient = _tunnel?.BytesFromClient ?? 0,
            Cause = end.CauseLetter,
            Phase = end.PhaseLetter,
            Concurrency = new ConcurrencyCounts(
                _path.Connections.Current, _policy.Connections.Current, _target?.Backend.ActiveRequests ?? 0, _server?.ActiveRequests ?? 0),
            Retries = _retries,
            Redispatched = _redispatched,
            RequestLine = default,
        };
    }
}
