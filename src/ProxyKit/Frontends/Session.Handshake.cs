using System.Net;
using System.Runtime.CompilerServices;
using ProxyKit.Exchanges;
using ProxyKit.Transport;
using ProxyKit.Transport.ProxyProtocol;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Frontends;

/// <summary>What comes before the first request: who the client is, and TLS.</summary>
internal sealed partial class Session
{
    /// <summary>A header of the PROXY protocol, and then TLS: what there has to be of them, within one limit.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<bool> TryShakeHandsAsync()
    {
        var expectsHeader = bound.AcceptsProxyProtocol || _rules.ExpectsProxyHeader;
        var expectedMagic = bound.NetScalerMagic ?? (_rules.ExpectsNetScalerHeader ? 0 : null);
        if (bound.Tls is null && !expectsHeader && expectedMagic is null)
        {
            return true;
        }

        // No token: the limit knows what to break off, and a source with its registration is more than the rest of it.
        var limit = new HandshakeLimit(path.Wheel, _connection);
        limit.Set(bound.Policy.HandshakeTimeout ?? bound.Policy.ClientTimeout);
        if (bound.Policy is { AccessLog: true, Formats.ErrorLog: not null })
        {
            _ = _connection.LocalEndPoint; // which the line may tell when the connection is closed
        }

        var isReady = (expectedMagic is not { } magic || await TryReceiveHeaderAsync(limit, magic, isLast: bound.Tls is null && !expectsHeader).ConfigureAwait(false))
            && (!expectsHeader || await TryReceiveHeaderAsync(limit, null, isLast: bound.Tls is null).ConfigureAwait(false))
            && (bound.Tls is not { } tls || await TryShakeHandsAsync(tls, limit).ConfigureAwait(false));
        limit.Retire();
        if (!isReady && bound.Policy.AccessLog && path.Log.IsAccessEnabled && bound.Policy.Formats.FailureOf(_rules, bound.Policy.EmptyConnections) is { } format)
        {
            AccessLine.WriteFailure(path, format, bound.Policy, _rules, bound.Tls is not null);
        }

        return isReady;
    }

    /// <summary>Has the sender tell whose connection this is.</summary>
    /// <param name="limit">The time for it, and for what is behind it.</param>
    /// <param name="magic">The number that a NetScaler's header begins with; null where it is one of the PROXY protocol.</param>
    /// <param name="isLast">Whether the limit ends with it.</param>
    private async ValueTask<bool> TryReceiveHeaderAsync(HandshakeLimit limit, uint? magic, bool isLast)
    {
        var sender = _connection.RemoteEndPoint;
        if (bound.TrustedSenders is { } trusted && !(sender is IPEndPoint { Address: var address } && trusted.Contains(address)))
        {
            _rules.ProxyHeaderFault = magic is null ? ProxyHeaderFault.Aborted : ProxyHeaderFault.NetScalerAborted; // there is no number for it; this one is nearest
            path.Log.ProxyHeaderFailed(sender, bound.Policy.Name, magic is null ? "it may send no PROXY protocol header" : "it may send no NetScaler Client IP header");
            return false;
        }

        var step = await ProxyHeaderReader.ReceiveAsync(_connection, path.Pool, magic).ConfigureAwait(false);
        var isLate = isLast ? limit.Clear() : limit.HasFired; // it goes on for what follows
        if (step.HasHeader && !isLate)
        {
            if (magic is null)
            {
                _rules.ProxyHeader = step.Header;
            }
            else
            {
                _rules.TakeAddresses(step.Header);
            }

            return true;
        }

        _rules.ProxyHeaderFault = !isLate ? step.Fault : magic is null ? ProxyHeaderFault.TimedOut : ProxyHeaderFault.NetScalerTimedOut;
        path.Log.ProxyHeaderFailed(sender, bound.Policy.Name, ProxyHeaderFaultText.Of(_rules.ProxyHeaderFault));
        return false;
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<bool> TryShakeHandsAsync(TlsServerContext tls, HandshakeLimit limit)
    {
        var client = _rules.Source;
        if (!(_isCountedForTls = path.TlsConnections.TryEnter()))
        {
            _rules.Failure = HandshakeFailure.TooMany;
            path.Log.HandshakeFailed(client, bound.Policy.Name, "there are too many connections over TLS");
            return false;
        }

        var result = await tls.AcceptAsync(_connection, CancellationToken.None).ConfigureAwait(false);
        var isLate = limit.Clear();
        if (isLate || result.Connection is null)
        {
            result.Connection?.Dispose();
            var failure = HandshakeFailures.Of(result.Error, isLate);
            path.Log.HandshakeFailed(client, bound.Policy.Name, HandshakeFailures.TextOf(failure));
            _rules.Failure = failure;
            return false;
        }

        Volatile.Write(ref _connection, result.Connection);
        _rules.Connection = result.Connection;
        _rules.IsSecure = true;
        path.TlsTraffic.CountConnection(path.Time.GetTimestamp());
        return true;
    }
}
