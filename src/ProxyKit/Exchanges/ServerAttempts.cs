using System.Diagnostics.CodeAnalysis;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The attempts of an exchange or a tunnel to reach a server: which one is picked, the connecting, and whether and where there is
/// another attempt. One flow uses it; <see cref="GiveUp"/> may come from any thread.</summary>
internal sealed class ServerAttempts
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private ConnectAttempt? _current;
    private Server? _avoid;
    private bool _entered, _isFinal;
    private volatile bool _isGivenUp;

    /// <summary>The server of this attempt, or of the last one.</summary>
    public Server? Server { get; private set; }

    public int Retries { get; private set; }

    /// <summary>Whether a retry went to another server.</summary>
    public bool Redispatched { get; private set; }

    /// <summary>Whether the next attempt keeps the server, and needs a new connection to it.</summary>
    public bool KeepsServer { get; private set; }

    public void Reset()
    {
        _current = null;
        Server = _avoid = null;
        Retries = 0;
        Redispatched = KeepsServer = _entered = _isFinal = _isGivenUp = false;
    }

    /// <summary>Picks a server, or keeps the one it has, and takes a place among what that works on; false when there is none to pick.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="exchange">The request; null in TCP mode.</param>
    /// <param name="bound">The server that the client is bound to, whatever the balancing says; null for none.</param>
    [MemberNotNullWhen(true, nameof(Server))]
    public bool TryPick(Backend backend, HttpExchange? exchange, Server? bound = null)
    {
        if (!KeepsServer || Server is null)
        {
            var server = bound;
            if (server is null && !backend.TryPick(exchange, _avoid, out server))
            {
                return false;
            }

            Redispatched |= _avoid is not null && server != _avoid;
            Server = server;
        }

        Server.State.Enter();
        _entered = true;
        return true;
    }

    /// <summary>Gives the place at the server back, where there is one.</summary>
    /// <returns>Whether there was.</returns>
    public bool Leave()
    {
        if (!_entered)
        {
            return false;
        }

        _entered = false;
        Server!.State.Leave(); // entered, so there is one
        return true;
    }

    /// <summary>Opens a connection to the server within the limit; <see cref="TransportError.Aborted"/> once given up.</summary>
    /// <param name="path">What with.</param>
    /// <param name="limit">How long it may take; null for no limit.</param>
    public async ValueTask<ConnectResult> OpenAsync(DataPath path, TimeSpan? limit)
    {
        using var attempt = new ConnectAttempt(path.Wheel);
        Interlocked.Exchange(ref _current, attempt); // before _isGivenUp is read
        attempt.Set(limit);
        var result = _isGivenUp
            ? ConnectResult.Failed(TransportError.Aborted)
            : await Connector.OpenAsync(path.Transport, Server!, attempt).ConfigureAwait(false); // picked
        Volatile.Write(ref _current, null);
        _isFinal = result.Error == TransportError.TlsCertificate; // whoever that is, asking again does not make it the server; nor does HAProxy
        return result;
    }

    /// <summary>What it means that no connection could be had.</summary>
    public static Termination TerminationOf(TransportError error) => new(
        error switch
        {
            TransportError.TimedOut => TerminationCause.ServerTimeout,
            TransportError.ResourceExhausted => TerminationCause.Resource,
            _ => TerminationCause.ServerAbort,
        },
        ExchangePhase.Connect);

    /// <summary>After a failure to connect, whether there is another attempt, which is prepared then: elsewhere at once where that is
    /// allowed, else at the same server, after a pause where it has refused. HAProxy: a second, or <c>timeout connect</c> where that is less.</summary>
    public async ValueTask<bool> MayRetryAsync(DataPath path, Backend backend, ExchangeSettings settings, Termination failure)
    {
        if (Server is null || Retries >= (settings.Retries ?? backend.Retries) || _isFinal || _isGivenUp)
        {
            return false;
        }

        Retries++;
        Leave();
        KeepsServer = !backend.Redispatch || backend.CandidateCount == 1;
        _avoid = KeepsServer ? null : Server;
        if (KeepsServer && failure.Cause == TerminationCause.ServerAbort)
        {
            var limit = settings.ConnectTimeout ?? backend.ConnectTimeout;
            await WaitAsync(path, limit is { } time && time < LongestPause ? time : LongestPause).ConfigureAwait(false);
        }

        return !_isGivenUp;
    }

    /// <summary>Has the next attempt go to the same server on a new connection; this counts as no retry.</summary>
    public void Repeat()
    {
        Leave();
        KeepsServer = true;
    }

    /// <summary>Ends the attempt under way, and all that would follow.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        Interlocked.MemoryBarrier(); // before the attempt is read
        Volatile.Read(ref _current)?.Cancel();
    }

    /// <summary>Does nothing for a time, or until all is given up.</summary>
    /// <returns>Whether the time has passed.</returns>
    public async ValueTask<bool> WaitAsync(DataPath path, TimeSpan time)
    {
        using var attempt = new ConnectAttempt(path.Wheel);
        Interlocked.Exchange(ref _current, attempt); // before _isGivenUp is read
        if (!_isGivenUp)
        {
            await attempt.WaitAsync(time).ConfigureAwait(false);
        }

        Volatile.Write(ref _current, null);
        return !_isGivenUp;
    }
}
