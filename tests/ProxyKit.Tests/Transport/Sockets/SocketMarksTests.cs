using System.Net;
using System.Net.Sockets;
using ProxyKit.Testing;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Tests.Transport.Sockets;

/// <summary>What is said of the packets of a socket, on Linux, where CI runs.</summary>
public sealed class SocketMarksTests
{
    private static Socket Connected(IPAddress listens, IPAddress connects)
    {
        using var listener = new Socket(listens.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (listens.AddressFamily == AddressFamily.InterNetworkV6)
        {
            listener.DualMode = true;
        }

        listener.Bind(new IPEndPoint(listens, 0));
        listener.Listen();
        using var client = new Socket(connects.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(new IPEndPoint(connects, ((IPEndPoint)listener.LocalEndPoint!).Port)); // it is bound
        return listener.Accept();
    }

    private static int Read(Socket socket, int level, int name)
    {
        Span<byte> value = stackalloc byte[4];
        socket.GetRawSocketOption(level, name, value);
        return BitConverter.ToInt32(value);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::", "127.0.0.1")] // one socket for both: the packets are IPv4's
    public void Packets_of_IPv4_get_their_type_of_service_and_hops(string listens, string connects)
    {
        using var socket = Connected(IPAddress.Parse(listens), IPAddress.Parse(connects));

        Assert.True(SocketMarks.TrySetTypeOfService(socket, 0x10));
        Assert.True(SocketMarks.TrySetHops(socket, 7));

        Assert.Equal((0x10, 7), (Read(socket, 0, 1), Read(socket, 0, 2)));
    }

    [Fact]
    public void Packets_of_IPv6_get_their_traffic_class_and_hops()
    {
        using var socket = Connected(IPAddress.IPv6Loopback, IPAddress.IPv6Loopback);

        Assert.True(SocketMarks.TrySetTypeOfService(socket, 0x20));
        Assert.True(SocketMarks.TrySetHops(socket, 9));

        Assert.Equal((0x20, 9), (Read(socket, 41, 67), Read(socket, 41, 16)));
    }

    [Fact]
    public async Task Connections_go_by_the_interface_that_was_said()
    {
        var transport = new SocketTransport();
        using var listener = transport.Listen(new() { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Interface = "lo" });
        var accepting = listener.AcceptAsync();

        var made = await transport.ConnectAsync(new() { EndPoint = listener.LocalEndPoint!, Interface = "lo" }, TestContext.Current.CancellationToken); // open: it has an address
        var none = await transport.ConnectAsync(new() { EndPoint = listener.LocalEndPoint!, Interface = "none0" }, TestContext.Current.CancellationToken);

        Assert.NotNull(made.Connection);
        Assert.Null(none.Connection);
        Assert.Throws<IOException>(() => transport.Listen(new() { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Interface = "none0" }));
        made.Connection.Dispose();
        (await accepting)?.Connection?.Dispose();
    }

    /// <summary>Which the option of a socket cannot say: it stands in the header of the packet that opens the connection.</summary>
    [Fact]
    public async Task First_packet_to_a_server_has_the_type_of_service_already()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.True(SocketMarks.TrySavePackets(listener, SavedPacket.FromIP));
        listener.Listen();
        var marks = new PacketMarks(null, 0x2C);

        var made = await new SocketTransport().ConnectAsync(
            new() { EndPoint = listener.LocalEndPoint!, Marks = marks }, TestContext.Current.CancellationToken); // bound

        using var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        var packet = new byte[128];
        Assert.True(SocketMarks.TakeSavedPacket(accepted, packet) >= 20);
        Assert.Equal((4, 0x2C), (packet[0] >> 4, packet[1])); // RFC 791 §3.1
        made.Connection!.Dispose(); // it listens
    }

    [Fact]
    public void Silent_peer_is_asked_as_often_as_was_said()
    {
        using var socket = Connected(IPAddress.Loopback, IPAddress.Loopback);

        Assert.True(SocketMarks.TryKeepAlive(socket, new() { Idle = TimeSpan.FromSeconds(60), Interval = TimeSpan.FromSeconds(5), Probes = 3 }));

        Assert.Equal((1, 60, 5, 3), (Read(socket, 1, 9), Read(socket, 6, 4), Read(socket, 6, 5), Read(socket, 6, 6)));
    }

    [Fact]
    public void Unix_socket_has_nobody_asked()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        Assert.False(SocketMarks.TryKeepAlive(socket, new() { Idle = TimeSpan.FromSeconds(60) }));
    }

    [Fact]
    public void Marks_are_set_or_refused_by_the_system()
    {
        using var socket = Connected(IPAddress.Loopback, IPAddress.Loopback);

        var isSet = SocketMarks.TrySetMark(socket, 0x2A); // needs a privilege that a test may have or not

        Assert.Equal(isSet ? 0x2A : 0, Read(socket, 1, 36));
    }

    [Fact]
    public void A_socket_that_is_gone_is_left_alone()
    {
        var socket = Connected(IPAddress.Loopback, IPAddress.Loopback);
        socket.Dispose();

        Assert.False(SocketMarks.TrySetTypeOfService(socket, 1) || SocketMarks.TrySetHops(socket, 1) || SocketMarks.TrySetMark(socket, 1)
            || SocketMarks.TryVanish(socket));
    }

    [Fact]
    public async Task A_connection_whose_end_is_hidden_is_broken_off_even_where_it_is_closed()
    {
        using var pair = await SocketPair.MakeAsync();

        pair.Server.HideAbort(64); // so far that the reset arrives, and tells
        pair.Server.Dispose();

        var result = await pair.Client.ReceiveAsync(new byte[1]).InTimeAsync();
        Assert.Equal(ProxyKit.Transport.TransportError.Reset, result.Error);
    }
}
