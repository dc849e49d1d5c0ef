using System.Runtime.CompilerServices;
using ProxyKit.Backends;
using ProxyKit.Exchanges;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.StickTables;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Frontends;

/// <summary>One client connection's life: the handshake, then request after request, or one tunnel.</summary>
internal sealed class Session(
    DataPath path, SnapshotHolder snapshots, Listener listener, Connection connection, BoundPolicy bound, ConnectionCount frontendConnections)
    : IThreadPoolWorkItem
{
    private readonly long _acceptedAt = path.Wheel.Now;
    private readonly RuleSession _rules = new()
    {
        Source = connection.RemoteEndPoint,
        Destination = connection.LocalEndPoint,
        ConnectionSource = connection.RemoteEndPoint,
        ConnectionDestination = connection.LocalEndPoint,
        AcceptedAt = path.Time.GetUtcNow(),
    };

    private Connection _connection = connection;
    private Http1Downstream? _downstream;
    private ServedExchange? _exchange; // under way
    private ServedTunnel? _tunnel;
    private volatile bool _isDraining, _isKilled;

    internal Session? Next { get; set; }

    internal Session? Previous { get; set; }

    /// <summary>Ends the session with its exchange, or at once where there is none. Any thread.</summary>
    public void Drain()
    {
        _isDraining = true;
        Interlocked.MemoryBarrier(); // before what is under way is read
        Volatile.Read(ref _downstream)?.Drain();
    }

    /// <summary>Breaks the session off. Any thread.</summary>
    public void Kill()
    {
        _isKilled = true;
        Interlocked.MemoryBarrier(); // before what is under way is read
        if (Volatile.Read(ref _downstream) is { } downstream)
        {
            Volatile.Read(ref _exchange)?.Kill(downstream);
        }

        Volatile.Read(ref _tunnel)?.Kill();
        Volatile.Read(ref _connection).Abort(); // where nothing was under way
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        try
        {
            if (IsAdmitted(bound.Policy.Rules.Connection) && await TryShakeHandsAsync().ConfigureAwait(false)
                && IsAdmitted(bound.Policy.Rules.Session))
            {
                TrackedCounters.Count(null, _rules.Counters, StickDataType.Sessions, StickDataType.SessionRate);
                if (bound.Policy.Mode == ProxyMode.Tcp)
                {
                    await TunnelAsync().ConfigureAwait(false);
                }
                else
                {
                    await ServeAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            // Where a session begins is where what nobody expected ends: this client's connection, and nothing else.
            path.Log.Failed(e, bound.Policy.Name);
        }
        finally
        {
            _rules.Counters.Release();
            _connection.Dispose();
            _downstream?.Release();
            frontendConnections.Leave();
            path.Connections.Leave();
            listener.Sessions.Remove(this);
        }
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<bool> TryShakeHandsAsync()
    {
        if (bound.Tls is not { } tls)
        {
            return true;
        }

        using var attempt = new ConnectAttempt(path.Wheel);
        attempt.Set(bound.Policy.HandshakeTimeout ?? bound.Policy.ClientTimeout);
        var client = _connection.RemoteEndPoint;
        var result = await tls.AcceptAsync(_connection, attempt.Token).ConfigureAwait(false);
        if (result.Connection is null)
        {
            path.Log.HandshakeFailed(client, bound.Policy.Name, attempt.HasFired ? "timeout" : result.Error.ToString());
            return false;
        }

        Volatile.Write(ref _connection, result.Connection);
        _rules.IsSecure = true;
        _rules.Tls = result.Connection as TlsConnection;
        return true;
    }

    private async ValueTask TunnelAsync()
    {
        var tunnel = new ServedTunnel(path, bound.Policy, _connection, _rules);
        Interlocked.Exchange(ref _tunnel, tunnel); // before _isKilled is read
        if (!_isKilled)
        {
            await tunnel.RunAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask ServeAsync()
    {
        var downstream = new Http1Downstream(_connection, path.Pool, path.Wheel);
        Interlocked.Exchange(ref _downstream, downstream); // before _isDraining is read
        if (_isDraining)
        {
            downstream.Drain();
        }

        using var own = new SessionConnections();
        for (var isFirst = true; ; isFirst = false)
        {
            var policy = (snapshots.Current.For(listener) ?? bound).Policy;
            downstream.InactivityLimit = policy.ClientTimeout;
            var waited = await downstream.WaitForRequestAsync(WaitDue(policy, isFirst)).ConfigureAwait(false);
            if ((waited.HasError || waited.IsEnd) && (!isFirst || waited.Error == TransportError.Aborted))
            {
                await SayFarewellAsync(downstream).ConfigureAwait(false);
                return; // the end of a kept connection is nobody's fault and no exchange
            }

            // The wait may have outlasted a reload.
            policy = (snapshots.Current.For(listener) ?? bound).Policy;
            var exchange = path.Exchanges.Rent();
            exchange.Begin(path, policy, downstream, own, _rules, isFirst);
            Interlocked.Exchange(ref _exchange, exchange); // before _isKilled is read
            if (_isKilled)
            {
                exchange.Kill(downstream);
            }

            var goesOn = await exchange.RunAsync(HeadDue(policy, isFirst)).ConfigureAwait(false);
            var (lingers, breaksOff) = (exchange.NeedsLinger, exchange.BreaksOff);
            Volatile.Write(ref _exchange, null);
            path.Exchanges.Return(exchange);
            downstream.EndExchange();
            if (!goesOn)
            {
                if (breaksOff)
                {
                    _connection.Abort(); // the client must not take what it got for the whole
                }
                else if (lingers || downstream.Buffer.Length > 0)
                {
                    await downstream.LingerAsync().ConfigureAwait(false);
                }
                else
                {
                    await SayFarewellAsync(downstream).ConfigureAwait(false);
                }

                return;
            }
        }
    }

    /// <summary>Over TLS the end is said in so many words, or a client could not tell it from a cut (RFC 8446 §6.1); closing says it otherwise.</summary>
    private ValueTask SayFarewellAsync(Http1Downstream downstream) =>
        _connection.IsSecure ? downstream.ShutdownSendAsync() : ValueTask.CompletedTask;

    /// <summary>Until when the next request must begin. The first one's head is due from the accept on, begun or not.</summary>
    private long WaitDue(FrontendPolicy policy, bool isFirst) => isFirst
        ? HeadDue(policy, isFirst)
        : DueAfter(path.Wheel.Now, policy.KeepAliveTimeout ?? policy.RequestHeadTimeout ?? policy.ClientTimeout);

    private long HeadDue(FrontendPolicy policy, bool isFirst) =>
        DueAfter(isFirst ? _acceptedAt : path.Wheel.Now, policy.RequestHeadTimeout ?? policy.ClientTimeout);

    private static long DueAfter(long start, TimeSpan? limit) =>
        limit is null ? Deadline.Never : start + Math.Max(1, (long)limit.Value.TotalMilliseconds);

    /// <summary>Whether the rules for new connections let the client in.</summary>
    private bool IsAdmitted(RuleList? rules)
    {
        if (rules is null)
        {
            return true;
        }

        var context = new RuleContext { Session = _rules, Frontend = bound.Policy.Facts };
        var index = 0;
        return rules.Run(context, ref index) != RuleOutcome.Final;
    }
}
