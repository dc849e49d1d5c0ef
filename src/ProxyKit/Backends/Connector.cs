using System.Net;
using System.Text;
using ProxyKit.Transport;

namespace ProxyKit.Backends;

/// <summary>Opens connections to servers, TLS included, within a limit of time. Who gets one tells <see cref="Server.Sockets"/> when it closes.</summary>
internal static class Connector
{
    /// <summary>Opens a connection.</summary>
    /// <param name="transport">What with.</param>
    /// <param name="server">Where to.</param>
    /// <param name="destination">Where the client connected to, or a rule has sent it; for servers that are there.</param>
    /// <param name="name">The name that it has to prove over TLS, in the place of the configured one; null for that.</param>
    /// <param name="first">What is sent before anything else, TLS included; empty for nothing.</param>
    /// <param name="marks">How its packets are marked.</param>
    /// <param name="attempt">The limit on it, which also lets others give it up.</param>
    public static async ValueTask<ConnectResult> OpenAsync(
        ITransport transport, Server server, EndPoint? destination, byte[]? name, ReadOnlyMemory<byte> first, PacketMarks marks, WorkLimit attempt)
    {
        if (server.ConnectOptionsFor(destination) is not { } options)
        {
            return ConnectResult.Failed(TransportError.Unreachable); // a client on a unix socket, say: there is nowhere to go
        }

        if (server.Sockets is { } sockets && !sockets.TryOpen(server.State.MostConnections))
        {
            return ConnectResult.Failed(TransportError.ResourceExhausted);
        }

        options = marks == default ? options : options with { Marks = marks };
        var result = server.Socks4Proxy is { } proxy
            ? await Socks4.ConnectAsync(transport, proxy, options, attempt).ConfigureAwait(false)
            : await transport.ConnectAsync(options, attempt.Token).ConfigureAwait(false);
        if (server.TcpKeepAlive is { } keepAlive)
        {
            result.Connection?.TryKeepAlive(keepAlive);
        }

        if (!first.IsEmpty && result.Connection is { } fresh)
        {
            result = await SendFirstAsync(fresh, first, attempt).ConfigureAwait(false);
        }

        if (result.Connection is { } connection && server.Tls is { } tls)
        {
            tls = name is null ? tls : tls.For(Encoding.ASCII.GetString(name));
            result = await tls.ConnectAsync(connection, server.TlsHostName, attempt.Token).ConfigureAwait(false);
        }

        if (result.Connection is null)
        {
            server.Sockets?.Close();
        }

        return attempt.HasFired && result.Connection is null ? ConnectResult.Failed(TransportError.TimedOut) : result;
    }

    /// <summary>Sends what a connection begins with. Where it cannot be sent, the connection is closed.</summary>
    private static async ValueTask<ConnectResult> SendFirstAsync(Connection connection, ReadOnlyMemory<byte> first, WorkLimit attempt)
    {
        attempt.Watch(connection);
        var sent = await connection.SendAsync(first).ConfigureAwait(false);
        attempt.Watch(null);
        var isGivenUp = attempt.Token.IsCancellationRequested; // only now: it may yet be broken off otherwise
        if (!sent.HasError && !isGivenUp)
        {
            return ConnectResult.Made(connection);
        }

        connection.Dispose();
        return ConnectResult.Failed(isGivenUp ? TransportError.Aborted : sent.Error);
    }
}
