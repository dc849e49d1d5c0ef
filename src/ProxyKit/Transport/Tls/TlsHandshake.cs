using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace ProxyKit.Transport.Tls;

/// <summary>The end of a handshake, alike on both sides: a connection, or the reason why there is none.</summary>
internal static class TlsHandshake
{
    /// <summary>The number that OpenSSL has for the alert of RFC 6066 §3; other platforms have no number for it.</summary>
    private const int UnrecognizedName = 0x0A000458;

    /// <summary>Waits for the handshake. On failure the inner connection is closed.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public static async ValueTask<ConnectResult> FinishAsync(
        Connection inner, ConnectionStream stream, SslStream ssl, Task handshake, CancellationToken cancellationToken)
    {
        var hasName = true;
        try
        {
            using (cancellationToken.UnsafeRegister(static connection => ((Connection)connection!).Abort(), inner))
            {
                await handshake.ConfigureAwait(false);
            }

            if (stream.SendError == TransportError.None)
            {
                return ConnectResult.Made(new TlsConnection(inner, stream, ssl));
            }
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Told apart below: what the connection noted says more than the exception does, but for an alert that says who the other is not.
            hasName = e.InnerException?.InnerException?.HResult != UnrecognizedName;
        }

        await ssl.DisposeAsync().ConfigureAwait(false);
        stream.ReturnBuffer();
        inner.Dispose();
        return ConnectResult.Failed(hasName ? FailureOf(stream) : TransportError.TlsCertificate);
    }

    /// <summary>What the connection has noted, in the words of a handshake.</summary>
    public static TransportError FailureOf(ConnectionStream stream)
    {
        var error = stream.ReceiveError == TransportError.None ? stream.SendError : stream.ReceiveError;
        return error switch
        {
            TransportError.None => stream.HasEnded ? TransportError.Reset : TransportError.TlsHandshake,
            TransportError.Other => TransportError.TlsHandshake,
            _ => error,
        };
    }
}
