using System.Net;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Logging;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>One client connection of a TCP frontend on its way: pick, connect, relay, finish.</summary>
internal sealed class ServedTunnel(
    DataPath path, FrontendPolicy policy, Connection client, (EndPoint? Client, EndPoint? Local, bool IsSecure) address)
{
    private readonly long _startedAt = path.Time.GetTimestamp();
    private Server? _server;
    private Connection? _upstream;
    private Tunnel? _tunnel;
    private long _connectedAt;
    private int _retries;
    private bool _redispatched, _entered;
    private ConnectAttempt? _attempt;
    private volatile bool _isKilled;

    /// <summary>Runs the connection to its end; the client's connection remains the caller's to dispose of.</summary>
    public async ValueTask RunAsync()
    {
        Termination end;
        try
        {
            end = await ConnectAsync().ConfigureAwait(false) ?? await RelayAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            path.Log.Failed(e, policy.Name);
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
        Volatile.Read(ref _attempt)?.Cancel();
    }

    private async ValueTask<Termination?> ConnectAsync()
    {
        var backend = policy.DefaultBackend;
        Server? avoid = null;
        var again = false;
        while (true)
        {
            if (backend is null || (!again && !backend.TryPick(null, avoid, out _server)))
            {
                return new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect);
            }

            _redispatched |= avoid is not null && _server != avoid;
            _server!.State.Enter(); // picked
            _entered = true;
            using var attempt = new ConnectAttempt(path.Wheel);
            Interlocked.Exchange(ref _attempt, attempt); // before _isKilled is read
            attempt.Set(backend.ConnectTimeout);
            var result = _isKilled
                ? ConnectResult.Failed(TransportError.Aborted)
                : await Connector.OpenAsync(path.Transport, _server, attempt).ConfigureAwait(false);
            if (_isKilled)
            {
                result.Connection?.Dispose();
                return new Termination(TerminationCause.Killed, ExchangePhase.Connect);
            }

            if (result.Connection is { } connection)
            {
                _upstream = connection;
                _connectedAt = path.Time.GetTimestamp();
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
                using var pause = new ConnectAttempt(path.Wheel);
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
        _tunnel = new Tunnel(path, policy, policy.DefaultBackend!, new TunnelEnd(client, default), new TunnelEnd(_upstream!, default));
        return await _tunnel.RunAsync().ConfigureAwait(false);
    }

    private void Finish(Termination end)
    {
        _upstream?.Dispose();
        if (_entered)
        {
            _server!.State.Leave(); // entered, so there is one
        }

        if (policy.AccessLog && path.Log.IsAccessEnabled)
        {
            Record(end);
        }
    }

    private void Record(Termination end)
    {
        var now = path.Time.GetTimestamp();
        var total = (long)path.Time.GetElapsedTime(_startedAt, now).TotalMilliseconds;
        path.Log.Ended(new ExchangeRecord
        {
            IsHttp = false,
            StartedAt = path.Time.GetUtcNow() - path.Time.GetElapsedTime(_startedAt, now),
            Client = address.Client,
            Frontend = policy.Name,
            IsSecure = address.IsSecure,
            Backend = policy.DefaultBackend?.Name ?? policy.Name,
            Server = _server?.Name,
            Timers = new ExchangeTimers(
                Request: -1,
                Queue: _server is null ? -1 : 0,
                Connect: _connectedAt == 0 ? -1 : (long)path.Time.GetElapsedTime(_startedAt, _connectedAt).TotalMilliseconds,
                Response: -1,
                Active: total,
                Total: total),
            Status = 0,
            BytesFromServer = _tunnel?.BytesFromServer ?? 0,
            BytesFromClient = _tunnel?.BytesFromClient ?? 0,
            Cause = end.CauseLetter,
            Phase = end.PhaseLetter,
            Concurrency = new ConcurrencyCounts(
                path.Connections.Current, policy.Connections.Current, policy.DefaultBackend?.ActiveRequests ?? 0, _server?.ActiveRequests ?? 0),
            Retries = _retries,
            Redispatched = _redispatched,
            RequestLine = default,
        });
    }
}
