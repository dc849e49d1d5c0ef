using System.Net;
using ProxyKit.Testing;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Tests.Transport.Sockets;

/// <summary>Both ends of a loopback connection.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(Connection client, Connection server)
    {
        Client = client;
        Server = server;
    }

    public Connection Client { get; }

    public Connection Server { get; }

    public static Task<SocketPair> MakeAsync() => MakeAsync(new IPEndPoint(IPAddress.Loopback, 0));

    public static async Task<SocketPair> MakeAsync(EndPoint endPoint)
    {
        using var listener = new SocketTransport().Listen(new ListenOptions { EndPoint = endPoint });
        return await MakeAsync(listener, new ConnectOptions { EndPoint = listener.LocalEndPoint! }); // open: it has an address
    }

    public static async Task<SocketPair> MakeAsync(ITransportListener listener, ConnectOptions options)
    {
        var accepting = listener.AcceptAsync().InTimeAsync();
        var connected = await new SocketTransport().ConnectAsync(options, CancellationToken.None).InTimeAsync();
        Assert.Equal(TransportError.None, connected.Error);
        var accepted = await accepting;
        Assert.NotNull(accepted?.Connection);
        Assert.NotNull(connected.Connection);
        return new SocketPair(connected.Connection, accepted.Value.Connection);
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
