using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>Relays bytes both ways between a client and a server until both have closed, one failed, or silence lasted too long. The two
/// directions are independent: the end of one is passed on and leaves the other open.</summary>
internal sealed class Tunnel
{
    private readonly DataPath _path;
    private readonly TunnelSide _client, _server;
    private int _open = 2;
    private Termination _end;
    private int _ended;

    public Tunnel(DataPath path, FrontendPolicy policy, Backend backend, ExchangeSettings settings, TunnelEnd client, TunnelEnd server)
    {
        var limit = settings.TunnelTimeout ?? backend.TunnelTimeout;
        _path = path;
        _client = new TunnelSide(
            path.Wheel, client, limit ?? settings.ClientTimeout ?? policy.ClientTimeout, policy.ClientFinTimeout, TerminationCause.ClientAbort,
            TerminationCause.ClientTimeout);
        _server = new TunnelSide(
            path.Wheel, server, limit ?? settings.ServerTimeout ?? backend.ServerTimeout, backend.ServerFinTimeout, TerminationCause.ServerAbort,
            TerminationCause.ServerTimeout);
        SharesActivity = limit is not null;
    }

    public long BytesFromClient { get; private set; }

    public long BytesFromServer { get; private set; }

    /// <summary>Whether activity on one side counts for the other: the tunnel's own limit is about silence in both directions.</summary>
    private bool SharesActivity { get; }

    /// <summary>Relays to the end. Both connections remain the caller's to dispose of.</summary>
    public async Task<Termination> RunAsync()
    {
        var upstream = RelayAsync(_client, _server, fromClient: true);
        var downstream = RelayAsync(_server, _client, fromClient: false);
        await upstream.ConfigureAwait(false);
        await downstream.ConfigureAwait(false);
        _client.Retire();
        _server.Retire();
        return _end;
    }

    private async Task RelayAsync(TunnelSide from, TunnelSide to, bool fromClient)
    {
        var failure = await SendEarlyAsync(from, to, fromClient).ConfigureAwait(false)
            ?? await RelayUntilEndAsync(from, to, fromClient).ConfigureAwait(false);
        if (failure is { } end)
        {
            End(end);
            return;
        }

        // The end of this direction: the other one goes on by itself, under the limits for a half-closed tunnel.
        await to.ShutdownSendAsync().ConfigureAwait(false);
        if (Interlocked.Decrement(ref _open) > 0)
        {
            _client.BeginFin();
            _server.BeginFin();
        }
    }

    private async ValueTask<Termination?> SendEarlyAsync(TunnelSide from, TunnelSide to, bool fromClient)
    {
        var early = from.TakeEarly();
        if (early.IsEmpty)
        {
            return null;
        }

        Count(fromClient, early.Length);
        return await to.SendAsync(early).ConfigureAwait(false);
    }

    private async ValueTask<Termination?> RelayUntilEndAsync(TunnelSide from, TunnelSide to, bool fromClient)
    {
        byte[]? buffer = null;
        var expectsMuch = false;
        try
        {
            while (true)
            {
                if (!from.Connection.MayHaveData())
                {
                    if (buffer is not null)
                    {
                        _path.Pool.Return(buffer); // a silent tunnel holds no memory
                        buffer = null;
                    }

                    if (await from.WaitAsync().ConfigureAwait(false) is { } silence)
                    {
                        return silence;
                    }
                }

                buffer ??= expectsMuch ? _path.Pool.RentBulk() : _path.Pool.RentHead();
                if (!from.Connection.TryReceive(buffer, out var received))
                {
                    expectsMuch = false;
                    continue;
                }

                if (received.HasError)
                {
                    return from.FailureOf(received.Error);
                }

                if (received.IsEnd)
                {
                    return null;
                }

                Count(fromClient, received.Bytes);
                Touch(from, to);
                if (await to.SendAsync(buffer.AsMemory(0, received.Bytes)).ConfigureAwait(false) is { } failure)
                {
                    return failure;
                }

                Touch(from, to);
                if (received.Bytes == buffer.Length && buffer.Length < BufferPool.BulkSize)
                {
                    expectsMuch = true;
                    _path.Pool.Return(buffer);
                    buffer = null;
                }
            }
        }
        finally
        {
            if (buffer is not null)
            {
                _path.Pool.Return(buffer);
            }
        }
    }

    private void Touch(TunnelSide from, TunnelSide to)
    {
        var now = _path.Wheel.Now;
        from.Touch(now);
        to.Touch(now);
        if (SharesActivity)
        {
            _client.Touch(now);
            _server.Touch(now);
        }
    }

    private void Count(bool fromClient, int bytes)
    {
        if (fromClient)
        {
            BytesFromClient += bytes;
        }
        else
        {
            BytesFromServer += bytes;
        }
    }

    /// <summary>The first failure is the tunnel's end; breaking both connections off ends the other direction too.</summary>
    private void End(Termination end)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _end = end;
            _client.Connection.Abort();
            _server.Connection.Abort();
        }
    }
}
