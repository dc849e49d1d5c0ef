using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Statistics;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The connecting, and what it means where that fails.</summary>
internal sealed partial class ServerAttempts
{
    /// <summary>Opens a connection to the server within the limit; <see cref="TransportError.Aborted"/> once given up.</summary>
    /// <param name="path">What with.</param>
    /// <param name="context">Tells where the client wanted to go.</param>
    /// <param name="pool">The name of the pool that it will be of, as <see cref="ServerGreeting.WritePool"/> wrote it; null for who has no pools.</param>
    /// <param name="limit">How long it may take; null for no limit.</param>
    public async ValueTask<ConnectResult> OpenAsync(DataPath path, RuleContext context, ReadOnlyMemory<byte>? pool, TimeSpan? limit)
    {
        var greeting = ServerGreeting.Of(Server!); // picked
        (ProxyHeader, RequestedName) = (greeting?.Header?.Make(context), greeting?.MakeName(context, pool)); // first, since a user's code in them may throw
        PoolName = pool is { Length: > 0 } name ? name.ToArray() : null;
        using var attempt = new WorkLimit(path.Wheel);
        Interlocked.Exchange(ref _current, attempt); // before _isGivenUp is read
        attempt.Set(limit);
        Server!.State.Count(TrafficEvent.Connect);
        var result = _isGivenUp || _isCut
            ? ConnectResult.Failed(TransportError.Aborted)
            : await Connector.OpenAsync(path.Transport, Server!, context.DestinationEndPoint, RequestedName, ProxyHeader, context.Settings.ServerMarks, attempt).ConfigureAwait(false);
        Volatile.Write(ref _current, null);
        ConnectError = result.Error;
        _isFinal = result.Error == TransportError.TlsCertificate; // whoever that is, asking again does not make it the server; nor does HAProxy
        return result;
    }

    /// <summary>What came of the last attempt to have a connection; null before the first.</summary>
    public TransportError? ConnectError { get; set; }

    /// <summary>The header of the PROXY protocol that the last new connection begins with; null for none.</summary>
    public byte[]? ProxyHeader { get; private set; }

    /// <summary>The name that the server of the last new connection was asked for; null for the configured one.</summary>
    public byte[]? RequestedName { get; private set; }

    /// <summary>The name of the pool that the last new connection is of; null for none.</summary>
    public byte[]? PoolName { get; private set; }

    /// <summary>What it means that no connection could be had.</summary>
    public static Termination TerminationOf(TransportError error) => new(
        error switch
        {
            TransportError.TimedOut => TerminationCause.ServerTimeout,
            TransportError.ResourceExhausted => TerminationCause.Resource,
            _ => TerminationCause.ServerAbort,
        },
        ExchangePhase.Connect);
}
