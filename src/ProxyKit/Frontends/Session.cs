using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ProxyKit.Backends;
using ProxyKit.Exchanges;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Statistics;
using ProxyKit.StickTables;
using ProxyKit.Transport;

namespace ProxyKit.Frontends;

/// <summary>One client connection's life: the handshake, then request after request, or one tunnel.</summary>
internal sealed partial class Session(
    DataPath path, Listener listener, Connection connection, BoundPolicy bound) : IThreadPoolWorkItem
{
    private const int FirstUnprivilegedPort = 1024;

    private readonly long _acceptedAt = path.Wheel.Now;
    private readonly SessionConnections _ownUpstreams = new(bound.Policy.MaxPrivateConnections);
    private readonly RuleSession _rules = new()
    {
        Connection = connection,
        AcceptedAt = path.Time.GetUtcNow(),
        Bind = bound.Facts,
    };

    private Connection _connection = connection;
    private Http1Downstream? _downstream;
    private ServedExchange? _exchange; // under way
    private ParkedExchange? _parked; // or what is kept of one while it waits for a slot
    private ServedTunnel? _tunnel;
    private volatile bool _isDraining, _isKilled;
    private long _requestDue; // when the next one must begin
    private bool _isKept; // a request was served, and the client may send another
    private bool _isCountedForTls;

    /// <summary>The policy as of now: the one of the accept where a reload has left the listener out.</summary>
    private FrontendPolicy Policy => (listener.Bound ?? bound).Policy;

    internal Session? Next { get; set; }

    internal Session? Previous { get; set; }

    /// <summary>Ends the session with its exchange, or at once where there is none. Any thread.</summary>
    public void Drain()
    {
        _isDraining = true;
        Interlocked.MemoryBarrier(); // before what is under way is read
        Volatile.Read(ref _downstream)?.Drain(Policy.KeepsIdleWhileDraining);
    }

    /// <summary>Breaks the session off. Any thread.</summary>
    public void Kill()
    {
        _isKilled = true;
        Interlocked.MemoryBarrier(); // before what is under way is read
        if (Volatile.Read(ref _downstream) is { } downstream)
        {
            Volatile.Read(ref _exchange)?.Kill(downstream);
            Volatile.Read(ref _parked)?.GiveUp(downstream);
        }

        Volatile.Read(ref _tunnel)?.Kill();
        Volatile.Read(ref _connection).Abort(); // where nothing was under way
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        try
        {
            if (bound.Policy.TcpKeepAlive is { } keepAlive)
            {
                _connection.TryKeepAlive(keepAlive);
            }

            var isAdmitted = !IsFromRejectedPort() && IsAdmitted(bound.Policy.Rules.Connection);
            if (!isAdmitted)
            {
                bound.TakeBackSession();
                Count(TrafficEvent.DeniedConnection);
            }

            if (isAdmitted && await TryShakeHandsAsync().ConfigureAwait(false) && IsAdmittedToSession())
            {
                CountSession();
                AccessLine.WriteAccept(path, bound.Policy, _rules);
                TrackedCounters.Count(null, _rules.Counters, StickDataType.Sessions, StickDataType.SessionRate);
                var early = bound.Policy.Mode == ProxyMode.Tcp ? await TunnelAsync().ConfigureAwait(false) : [];
                if (early is not null)
                {
                    // The waits for a request, and for a slot on a server, are here and no deeper: all the while, this method's state is kept.
                    StartServing(early);
                    var goesOn = true;
                    while (goesOn)
                    {
                        goesOn = await ServeAsync(await WaitAsync(_downstream).ConfigureAwait(false)).ConfigureAwait(false);
                    }
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
            _ownUpstreams.Close();
            _rules.Counters.Release();
            if (Policy.ResetsConnections)
            {
                _connection.Abort();
            }

            _connection.Dispose();
            _downstream?.Release();
            if (_isCountedForTls)
            {
                path.TlsConnections.Leave();
            }

            bound.Policy.Connections.Leave();
            listener.Connections.Leave();
            path.Connections.Leave();
            listener.Sessions.Remove(this);
        }
    }

    /// <summary>Serves the connection in TCP mode.</summary>
    /// <returns>What has come where a rule wants it be read as HTTP; null where the connection is at its end.</returns>
    private async ValueTask<byte[]?> TunnelAsync()
    {
        var tunnel = new ServedTunnel(path, bound.Policy, _connection, _rules);
        Interlocked.Exchange(ref _tunnel, tunnel); // before _isKilled is read
        var early = _isKilled ? null : await tunnel.RunAsync().ConfigureAwait(false);
        Volatile.Write(ref _tunnel, null);
        return _isKilled ? null : early;
    }

    [MemberNotNull(nameof(_downstream))]
    private void StartServing(byte[] early)
    {
        var downstream = new Http1Downstream(_connection, path.Pool, path.Wheel);
        downstream.Buffer.Add(early);
        Interlocked.Exchange(ref _downstream, downstream); // before _isDraining is read
        if (_isDraining)
        {
            downstream.Drain(Policy.KeepsIdleWhileDraining);
        }
    }

    /// <summary>Waits until the exchange that is parked may go on, or for a request.</summary>
    private ValueTask<bool> WaitAsync(Http1Downstream downstream)
    {
        if (_parked is { } parked)
        {
            return parked.Ended;
        }

        _requestDue = WaitDue(Policy);
        return downstream.WaitForRequestAsync(_requestDue);
    }

    /// <summary>Serves the request that has begun, or that has waited for a slot.</summary>
    /// <param name="arrived">What the wait said.</param>
    /// <returns>Whether to wait for another one, or for a slot.</returns>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<bool> ServeAsync(bool arrived)
    {
        var downstream = _downstream!; // set before the wait
        if (_parked is null)
        {
            var waited = await downstream.ReceiveFirstAsync(arrived, _requestDue).ConfigureAwait(false);
            if ((waited.HasError || waited.IsEnd) && (_isKept || waited.Error == TransportError.Aborted))
            {
                await SayFarewellAsync(downstream).ConfigureAwait(false);
                return false; // the end of a kept connection is nobody's fault and no exchange
            }
        }

        var exchange = Enter(downstream, out var headDue);
        var isKept = await exchange.RunAsync(headDue).ConfigureAwait(false);
        var (parked, lingers, breaksOff) = (exchange.Parked, exchange.NeedsLinger, exchange.BreaksOff);
        Volatile.Write(ref _exchange, null);
        path.Exchanges.Return(exchange);
        if (parked is not null)
        {
            Park(parked, downstream);
            return true;
        }

        _isKept = isKept;
        downstream.EndExchange();
        if (!isKept)
        {
            await EndAsync(downstream, lingers, breaksOff).ConfigureAwait(false);
        }

        return isKept;
    }

    /// <summary>An exchange for the request that has begun, or for the one that is parked.</summary>
    private ServedExchange Enter(Http1Downstream downstream, out long headDue)
    {
        var policy = _parked?.Policy ?? Policy; // the wait for a request may have outlasted a reload
        headDue = HeadDue(policy);
        var exchange = path.Exchanges.Rent();
        exchange.Begin(path, policy, downstream, _ownUpstreams, _rules, isFirstOfConnection: !_isKept);
        if (_parked is { } parked)
        {
            exchange.Unpark(parked);
            Volatile.Write(ref _parked, null);
            path.Exchanges.Return(parked);
        }
        else
        {
            downstream.InactivityLimit = policy.ClientTimeout;
            downstream.HeaderCase = policy.ResponseCase;
            downstream.IsLenient = policy.AcceptsUnsafeRequests;
            downstream.TakesBodyOfAnyMethod = policy.TakesBodyOfAnyMethod;
            downstream.KeepsBothLengths = policy.KeepsBothLengths;
        }

        Interlocked.Exchange(ref _exchange, exchange); // before _isKilled is read
        if (_isKilled)
        {
            exchange.Kill(downstream);
        }

        return exchange;
    }

    /// <summary>Keeps what there is of an exchange that waits for a slot.</summary>
    private void Park(ParkedExchange parked, Http1Downstream downstream)
    {
        parked.Begin(downstream);
        Interlocked.Exchange(ref _parked, parked); // before _isKilled is read
        if (_isKilled)
        {
            parked.GiveUp(downstream);
        }
    }

    private ValueTask EndAsync(Http1Downstream downstream, bool lingers, bool breaksOff)
    {
        if (breaksOff || Policy.ResetsConnections)
        {
            _connection.Abort(); // the client must not take what it got for the whole, or is to be got rid of
            return ValueTask.CompletedTask;
        }

        return lingers || downstream.Buffer.Length > 0 ? downstream.LingerAsync() : SayFarewellAsync(downstream);
    }

    /// <summary>Over TLS the end is said in so many words, or a client could not tell it from a cut (RFC 8446 §6.1); closing says it otherwise.</summary>
    private ValueTask SayFarewellAsync(Http1Downstream downstream) =>
        _connection.IsSecure ? downstream.ShutdownSendAsync() : ValueTask.CompletedTask;

    /// <summary>Until when the next request must begin. The first one's head is due from the accept on, begun or not.</summary>
    private long WaitDue(FrontendPolicy policy) => _isKept
        ? DueAfter(path.Wheel.Now, policy.KeepAliveTimeout ?? policy.RequestHeadTimeout ?? policy.ClientTimeout)
        : HeadDue(policy);

    private long HeadDue(FrontendPolicy policy) =>
        DueAfter(_isKept ? path.Wheel.Now : _acceptedAt, policy.RequestHeadTimeout ?? policy.ClientTimeout);

    private static long DueAfter(long start, TimeSpan? limit) =>
        limit is null ? Deadline.Never : start + Math.Max(1, (long)limit.Value.TotalMilliseconds);

    private void CountSession()
    {
        var now = path.Time.GetTimestamp();
        path.Traffic.CountSession(now, 0);
        bound.Policy.Facts.Traffic.CountSession(now, 0);
        listener.Traffic.CountSession(now, 0);
    }

    private void Count(TrafficEvent what)
    {
        bound.Policy.Facts.Traffic.Count(what);
        listener.Traffic.Count(what);
    }

    private bool IsAdmittedToSession()
    {
        if (IsAdmitted(bound.Policy.Rules.Session))
        {
            return true;
        }

        Count(TrafficEvent.DeniedSession);
        return false;
    }

    /// <summary>Whether the client's own port is one that nobody may come from. RFC 6335 §6.</summary>
    private bool IsFromRejectedPort() =>
        bound.Policy.RejectsPrivilegedPorts && _connection.RemoteEndPoint is System.Net.IPEndPoint { Port: < FirstUnprivilegedPort };

    /// <summary>Whether the rules for new connections let the client in.</summary>
    private bool IsAdmitted(RuleList? rules)
    {
        if (rules is null)
        {
            return true;
        }

        var context = new RuleContext { Session = _rules, Frontend = bound.Policy.Facts, ConnectionLog = rules.Logs ? Log : null };
        var index = 0;
        return rules.Run(context, ref index) != RuleOutcome.Final;
    }

    /// <summary>Has the access log have a line of the connection.</summary>
    private void Log(RuleContext context, string origin) => AccessLine.WriteConnection(path, bound.Policy, context, bound.Tls is not null, origin);
}
