using System.Net;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Logging;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>One client connection of a TCP frontend on its way: pick, connect, relay, finish.</summary>
internal sealed class ServedTunnel(
    DataPath path, FrontendPolicy policy, Connection client, (EndPoint? Client, EndPoint? Local, bool IsSecure) address) : IDepartureObserver
{
    private readonly long _startedAt = path.Time.GetTimestamp();
    private readonly ServerAttempts _attempts = new();
    private readonly ReceiveBuffer _received = new(path.Pool);
    private Connection? _upstream;
    private Tunnel? _tunnel;
    private long _connectedAt;
    private volatile bool _clientLeft, _isKilled;

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

        var phase = _tunnel is null ? ExchangePhase.Connect : ExchangePhase.Data;
        Finish(_isKilled ? new Termination(TerminationCause.Killed, phase) : end);
    }

    /// <summary>Ends the attempt to connect or the relay, and breaks the client's connection off. Any thread.</summary>
    public void Kill()
    {
        _isKilled = true; // before anything breaks, so that the log names who did it
        client.Abort();
        _attempts.GiveUp();
    }

    /// <summary>The client left before it had said anything: there is nothing to deliver and nobody to deliver to. One that leaves behind its
    /// first bytes may have meant them all the same (HAProxy does so too), and finds its way to a server.</summary>
    void IDepartureObserver.OnClientLeft()
    {
        _clientLeft = true;
        _attempts.GiveUp();
    }

    private async ValueTask<Termination?> ConnectAsync()
    {
        var watch = new DepartureWatch(client, _received);
        watch.Start(this);
        var failure = await AttemptAsync().ConfigureAwait(false);
        watch.Stop();
        return _clientLeft ? new Termination(TerminationCause.ClientAbort, ExchangePhase.Connect) : failure;
    }

    private async ValueTask<Termination?> AttemptAsync()
    {
        var backend = policy.DefaultBackend;
        while (backend is not null && _attempts.TryPick(backend, exchange: null))
        {
            var result = await _attempts.OpenAsync(path, backend).ConfigureAwait(false);
            if (result.Connection is { } connection)
            {
                _upstream = connection;
                _connectedAt = path.Time.GetTimestamp();
                return null;
            }

            var failure = ServerAttempts.TerminationOf(result.Error);
            if (!await _attempts.MayRetryAsync(path, backend, failure).ConfigureAwait(false))
            {
                return failure;
            }
        }

        return new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect);
    }

    private async ValueTask<Termination> RelayAsync()
    {
        _tunnel = new Tunnel(path, policy, policy.DefaultBackend!, new TunnelEnd(client, _received.TakeAll()), new TunnelEnd(_upstream!, default));
        return await _tunnel.RunAsync().ConfigureAwait(false);
    }

    private void Finish(Termination end)
    {
        _upstream?.Dispose();
        _received.Release();
        _attempts.Leave();

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
            Server = _attempts.Server?.Name,
            Timers = new ExchangeTimers(
                Request: -1,
                Queue: _attempts.Server is null ? -1 : 0,
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
                path.Connections.Current, policy.Connections.Current, policy.DefaultBackend?.ActiveRequests ?? 0, _attempts.Server?.ActiveRequests ?? 0),
            Retries = _attempts.Retries,
            Redispatched = _attempts.Redispatched,
            RequestLine = default,
        });
    }
}
