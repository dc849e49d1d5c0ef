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
    private readonly ServerAttempts _attempts = new();
    private Connection? _upstream;
    private Tunnel? _tunnel;
    private long _connectedAt;
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

        Finish(_isKilled ? end with { Cause = TerminationCause.Killed } : end);
    }

    /// <summary>Ends an attempt to connect that is under way; a relay ends with the client's connection, which is broken off already. Any
    /// thread.</summary>
    public void Kill()
    {
        _isKilled = true;
        _attempts.GiveUp();
    }

    private async ValueTask<Termination?> ConnectAsync()
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
        _tunnel = new Tunnel(path, policy, policy.DefaultBackend!, new TunnelEnd(client, default), new TunnelEnd(_upstream!, default));
        return await _tunnel.RunAsync().ConfigureAwait(false);
    }

    private void Finish(Termination end)
    {
        _upstream?.Dispose();
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
