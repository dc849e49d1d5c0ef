using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>Relays bytes both ways between a client and a server until both have closed, one failed, or silence lasted too long. The two
/// directions are independent: the end of one is passed on and leaves the other open.</summary>
internal sealed class Tunnel
{
    private readonly DataPath _path;
    private readonly TunnelSide _client, _server;
    private readonly ResponseInspection? _inspection;
    private int _open = 2;
    private Termination _end;
    private int _ended;
    private volatile bool _isClosedByRule;

    /// <param name="path">Buffers and clock.</param>
    /// <param name="policy">The frontend's limits.</param>
    /// <param name="backend">The backend's.</param>
    /// <param name="settings">What rules have made of them.</param>
    /// <param name="client">The client's end.</param>
    /// <param name="server">The server's.</param>
    /// <param name="inspection">Is asked about what the server sends first; null for nobody.</param>
    public Tunnel(
        DataPath path, FrontendPolicy policy, Backend backend, ExchangeSettings settings, TunnelEnd client, TunnelEnd server, ResponseInspection? inspection = null)
    {
        _inspection = inspection;
        var limit = settings.TunnelTimeout ?? backend.TunnelTimeout;
        _path = path;
        _client = new TunnelSide(
            path.Wheel, client, limit ?? settings.ClientTimeout ?? policy.ClientTimeout, policy.ClientFinTimeout, TerminationCause.ClientAbort,
            TerminationCause.ClientTimeout, policy.ResetsConnections) { IsIndependent = policy.HasIndependentDirections };
        _server = new TunnelSide(
            path.Wheel, server, limit ?? settings.ServerTimeout ?? backend.ServerTimeout, backend.ServerFinTimeout, TerminationCause.ServerAbort,
            TerminationCause.ServerTimeout, backend.ResetsConnections) { IsIndependent = backend.HasIndependentDirections };
    }

    public long BytesFromClient { get; private set; }

    public long BytesFromServer { get; private set; }

    /// <summary>Relays to the end. Both connections remain the caller's to dispose of.</summary>
    public async Task<Termination> RunAsync()
    {
        var upstream = RelayAsync(_client, _server, fromClient: true);
        var downstream = RelayAsync(_server, _client, fromClient: false);
        try
        {
            await upstream.ConfigureAwait(false);
            await downstream.ConfigureAwait(false);
            return _end;
        }
        finally
        {
            _client.Retire();
            _server.Retire();
        }
    }

    private async Task RelayAsync(TunnelSide from, TunnelSide to, bool fromClient)
    {
        var failure = (fromClient || _inspection is null ? null : await InspectAsync(_inspection).ConfigureAwait(false))
            ?? await SendEarlyAsync(from, to, fromClient).ConfigureAwait(false)
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

    /// <summary>Has the rules look at what the server sends, and ends the tunnel where they want that.</summary>
    private async ValueTask<Termination?> InspectAsync(ResponseInspection inspection)
    {
        RuleVerdict? verdict;
        try
        {
            verdict = await inspection.AskAsync().ConfigureAwait(false);
        }
        catch
        {
            End(new Termination(TerminationCause.Internal, ExchangePhase.Data)); // a user's code threw: the other direction ends too
            throw;
        }

        var received = inspection.TakeAll();
        Touch(_server, _client);
        if (verdict is null)
        {
            _server.AddEarly(received);
            return null;
        }

        if (verdict.Kind != VerdictKind.Close)
        {
            return ResponseInspection.EndOf(verdict);
        }

        await CloseServerAsync(received).ConfigureAwait(false);
        return Termination.Normal;
    }

    /// <summary>Closes the server's connection; the client gets what has come from it, and then the end. What the client still sends goes
    /// nowhere.</summary>
    private async ValueTask CloseServerAsync(byte[] received)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        _end = Termination.Normal; // and no failure that comes of it
        _isClosedByRule = true;
        _server.Connection.Abort();
        BytesFromServer += received.Length;
        await _client.SendAsync(received).ConfigureAwait(false);
        await _client.ShutdownSendAsync().ConfigureAwait(false);
        _client.GiveUp(); // the other direction is over too
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
            while (!_isClosedByRule)
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

            return Termination.Normal;
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
        to.TouchSent(now);
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

    /// <summary>The first failure is the tunnel's end; ending both connections ends the other direction too.</summary>
    private void End(Termination end)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            // Where both have been silent for as long as they may it is the client's doing, who had nothing to ask.
            _end = end.Cause == TerminationCause.ServerTimeout && _client.IsOverdue ? new Termination(TerminationCause.ClientTimeout, end.Phase) : end;
            if (_end.Cause is TerminationCause.ClientTimeout or TerminationCause.ServerTimeout)
            {
                _client.End(); // silence is no reason to take back what is on its way
                _server.End();
            }
            else
            {
                _client.Connection.Abort();
                _server.Connection.Abort();
            }
        }
    }
}
