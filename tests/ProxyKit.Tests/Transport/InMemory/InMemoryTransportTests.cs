using System.Net;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport.InMemory;

public sealed class InMemoryTransportTests
{
    private static readonly IPEndPoint Address = new(IPAddress.Parse("10.0.0.1"), 80);

    private readonly InMemoryTransport _transport = new();

    [Fact]
    public async Task Connection_reaches_the_listener_of_its_address()
    {
        using var listener = _transport.Listen(new ListenOptions { EndPoint = Address });

        using var client = (await ConnectAsync(Address)).Connection;
        using var server = (await listener.AcceptAsync().InTimeAsync())?.Connection;

        Assert.NotNull(client);
        Assert.NotNull(server);
        await client.SendTextAsync("hello");
        Assert.Equal("hello", await server.ReadTextAsync(5));
        Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
        Assert.Equal(Address, server.LocalEndPoint);
    }

    [Fact]
    public async Task Address_nobody_listens_on_refuses()
    {
        _transport.Listen(new ListenOptions { EndPoint = Address }).Dispose();

        Assert.Equal(TransportError.Refused, (await ConnectAsync(Address)).Error);
    }

    [Fact]
    public void Address_that_is_taken_is_an_error_that_names_it()
    {
        using var first = _transport.Listen(new ListenOptions { EndPoint = Address });

        var error = Assert.Throws<IOException>(() => _transport.Listen(new ListenOptions { EndPoint = Address }));

        Assert.Equal("cannot listen on 10.0.0.1:80: the address is already in use", error.Message);
    }

    [Fact]
    public async Task Wildcard_takes_every_address_of_its_port()
    {
        using var listener = _transport.Listen(new ListenOptions { EndPoint = new IPEndPoint(IPAddress.Any, 0) });
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port; // listeners in memory always have one

        Assert.Equal(TransportError.None, (await ConnectAsync(new IPEndPoint(IPAddress.Loopback, port))).Error);
        Assert.Equal(TransportError.Refused, (await ConnectAsync(new IPEndPoint(IPAddress.Loopback, port + 1))).Error);
    }

    [Fact]
    public async Task Closed_listener_accepts_null_and_resets_who_waited()
    {
        var listener = _transport.Listen(new ListenOptions { EndPoint = Address });
        using var client = (await ConnectAsync(Address)).Connection;
        listener.Dispose();

        Assert.Null(await listener.AcceptAsync().InTimeAsync());
        Assert.Equal(IoResult.Failed(TransportError.Reset), await client!.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task Connect_fails_as_the_test_says()
    {
        using var listener = _transport.Listen(new ListenOptions { EndPoint = Address });
        _transport.Connecting = (_, _) => new(TransportError.TimedOut);

        Assert.Equal(ConnectResult.Failed(TransportError.TimedOut), await ConnectAsync(Address));
    }

    [Fact]
    public async Task Send_waits_for_room_and_goes_on_when_there_is_some()
    {
        var (client, server) = InMemoryTransport.MakePair(capacity: 10);
        var send = client.SendAsync(new byte[25]).AsTask();
        Assert.False(send.IsCompleted);

        Assert.Equal(10, (await server.ReadTextAsync(10)).Length);
        Assert.Equal(10, (await server.ReadTextAsync(10)).Length);

        Assert.Equal(IoResult.Moved(25), await send.InTimeAsync());
        Assert.Equal(5, (await server.ReadTextAsync(5)).Length);
    }

    [Fact]
    public async Task Shutdown_ends_one_direction_after_what_was_sent()
    {
        var (client, server) = InMemoryTransport.MakePair();
        await client.SendTextAsync("x");
        await client.ShutdownSendAsync();

        Assert.Equal("x", await server.ReadTextAsync(1));
        Assert.Equal(default, await server.ReceiveInTimeAsync());
        await server.SendTextAsync("y");
        Assert.Equal("y", await client.ReadTextAsync(1));
    }

    [Fact]
    public async Task Abort_resets_the_peer_and_loses_what_was_under_way()
    {
        var (client, server) = InMemoryTransport.MakePair();
        await client.SendTextAsync("lost");
        var waiting = client.ReceiveInTimeAsync();
        client.Abort();

        Assert.Equal(IoResult.Failed(TransportError.Aborted), await waiting);
        Assert.Equal(IoResult.Failed(TransportError.Reset), await server.ReceiveInTimeAsync());
        Assert.Equal(IoResult.Failed(TransportError.Reset), await server.SendTextAsync("x"));
    }

    [Fact]
    public async Task Dispose_ends_in_order_and_later_sends_of_the_peer_are_resets()
    {
        var (client, server) = InMemoryTransport.MakePair();
        await client.SendTextAsync("bye");
        client.Dispose();

        Assert.Equal("bye", await server.ReadTextAsync(3));
        Assert.Equal(default, await server.ReceiveInTimeAsync());
        Assert.Equal(IoResult.Failed(TransportError.Reset), await server.SendTextAsync("x"));
        Assert.Equal(IoResult.Failed(TransportError.Aborted), await client.SendTextAsync("x"));
    }

    [Fact]
    public async Task Receives_are_split_as_asked()
    {
        var (client, server) = InMemoryTransport.MakePair(receiveSize: ReceiveSizes.Of(1, 3, 2));
        await client.SendTextAsync("abcdefgh");

        var sizes = new List<int>();
        for (var received = 0; received < 8; received += sizes[^1])
        {
            sizes.Add((await server.ReceiveInTimeAsync()).Bytes);
        }

        Assert.Equal([1, 3, 2, 1, 1], sizes);
    }

    private ValueTask<ConnectResult> ConnectAsync(EndPoint endPoint) =>
        _transport.ConnectAsync(new ConnectOptions { EndPoint = endPoint }, CancellationToken.None);
}
