using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport.Sockets;

public sealed class SocketConnectionTests : IAsyncLifetime
{
    private SocketPair _pair = null!; // made before each test

    private Connection Client => _pair.Client;

    private Connection Server => _pair.Server;

    public async ValueTask InitializeAsync() => _pair = await SocketPair.MakeAsync();

    public ValueTask DisposeAsync()
    {
        _pair.Dispose();
        return default;
    }

    [Fact]
    public async Task Bytes_travel_both_ways_and_each_end_knows_the_other()
    {
        await Client.SendTextAsync("ping");
        Assert.Equal("ping", await Server.ReadTextAsync(4));
        await Server.SendTextAsync("pong");
        Assert.Equal("pong", await Client.ReadTextAsync(4));

        Assert.Equal(Client.LocalEndPoint, Server.RemoteEndPoint);
        Assert.Equal(Client.RemoteEndPoint, Server.LocalEndPoint);
        Assert.False(Client.IsSecure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_ends_of_a_connection_are_known_when_it_was_broken_off_before_anybody_asked(bool byPeer)
    {
        var ends = (Client.RemoteEndPoint, Client.LocalEndPoint);

        (byPeer ? Client : Server).Abort();
        if (byPeer)
        {
            Assert.Equal(IoResult.Failed(TransportError.Reset), await Server.ReceiveInTimeAsync());
        }

        Assert.Equal(ends, (Server.LocalEndPoint, Server.RemoteEndPoint));
    }

    [Fact]
    public async Task Close_under_a_pending_wait_is_orderly()
    {
        Assert.True(Server.Watch(new SignalWatcher()));
        await Server.SendTextAsync("last words");

        Server.Dispose();

        var (received, error) = await Client.ReadToEndAsync(ReceiveSizes.Of(100)).InTimeAsync();
        Assert.Equal(("last words", TransportError.None), (System.Text.Encoding.ASCII.GetString(received), error));
    }

    [Fact]
    public async Task Receive_of_nothing_yet_does_not_wait()
    {
        Assert.False(Server.TryReceive(new byte[10], out _));

        await Client.SendTextAsync("x");
        Assert.True(await Server.WaitForDataAsync().InTimeAsync());
        Assert.True(Server.TryReceive(new byte[10], out var result));
        Assert.Equal(IoResult.Moved(1), result);
        Assert.False(Server.TryReceive(new byte[10], out _));
    }

    [Fact]
    public async Task Send_larger_than_any_socket_buffer_arrives_whole()
    {
        var bytes = new byte[16_000_000];
        new Random(1).NextBytes(bytes);
        var send = Client.SendAsync(bytes).AsTask();
        Assert.False(send.IsCompleted);

        var reading = Server.ReadToEndAsync(ReceiveSizes.Random(1, 300_000));
        Assert.Equal(IoResult.Moved(bytes.Length), await send.InTimeAsync());
        await Client.ShutdownSendAsync();

        var (received, error) = await reading;
        Assert.Equal(TransportError.None, error);
        Assert.True(bytes.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Send_that_has_to_wait_ends_when_some_was_taken()
    {
        var bytes = new byte[16_000_000];
        var first = await Client.SendSomeAsync(bytes).InTimeAsync();
        Assert.InRange(first.Bytes, 1, bytes.Length - 1);
        var waiting = Client.SendSomeAsync(bytes).AsTask();
        Assert.False(waiting.IsCompleted);

        await Server.ReadTextAsync(first.Bytes); // all that there was: now there is room again

        Assert.InRange((await waiting.InTimeAsync()).Bytes, 1, bytes.Length - 1);
    }

    [Fact]
    public async Task Sends_that_wait_one_after_the_other_arrive_in_order()
    {
        var reading = Server.ReadToEndAsync(() => 100_000);
        using var expected = new MemoryStream();
        for (var i = 0; i < 20; i++)
        {
            var bytes = Enumerable.Repeat((byte)i, 900_000).ToArray();
            expected.Write(bytes);
            Assert.Equal(IoResult.Moved(bytes.Length), await Client.SendAsync(bytes).InTimeAsync());
        }

        await Client.ShutdownSendAsync();
        var (received, _) = await reading;
        Assert.True(expected.ToArray().AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Shutdown_ends_one_direction_only()
    {
        await Client.SendTextAsync("last");
        await Client.ShutdownSendAsync();

        Assert.Equal("last", await Server.ReadTextAsync(4));
        Assert.Equal(default, await Server.ReceiveInTimeAsync());
        await Server.SendTextAsync("answer");
        Assert.Equal("answer", await Client.ReadTextAsync(6));
    }

    [Fact]
    public async Task Dispose_is_an_orderly_end_to_the_peer()
    {
        Client.Dispose();
        Client.Dispose();

        Assert.Equal(default, await Server.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task Reset_is_a_reset_to_a_peer_that_waits()
    {
        var pending = Server.ReceiveInTimeAsync();

        Client.Abort();

        Assert.Equal(IoResult.Failed(TransportError.Reset), await pending);
    }

    [Fact]
    public async Task Reset_is_a_reset_to_a_peer_that_receives_later()
    {
        Client.Abort();

        Assert.Equal(IoResult.Failed(TransportError.Reset), await Server.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task Reset_that_a_send_has_met_is_no_orderly_end()
    {
        Client.Abort();
        while (!(await Server.SendTextAsync("x")).HasError)
        {
            // The reset may still be on its way.
        }

        Assert.Equal(IoResult.Failed(TransportError.Reset), await Server.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task End_before_a_failing_send_stays_an_end()
    {
        await Client.SendTextAsync("all of it");
        Client.Dispose();
        while (!(await Server.SendTextAsync("x")).HasError)
        {
            // The peer is gone; its kernel says so after the first.
        }

        Assert.Equal("all of it", await Server.ReadTextAsync(9));
        Assert.Equal(default, await Server.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task Abort_from_another_thread_ends_a_receive_and_resets_the_peer()
    {
        var pending = Server.ReceiveInTimeAsync();

        await Task.Run(Server.Abort, TestContext.Current.CancellationToken);

        Assert.Equal(IoResult.Failed(TransportError.Aborted), await pending);
        Assert.Equal(IoResult.Failed(TransportError.Aborted), await Server.ReceiveInTimeAsync());
        Assert.Equal(IoResult.Failed(TransportError.Aborted), await Server.SendTextAsync("x"));
        Assert.Equal(IoResult.Failed(TransportError.Reset), await Client.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task Abort_from_another_thread_ends_a_send()
    {
        var pending = Server.SendAsync(new byte[32_000_000]).AsTask();
        Assert.False(pending.IsCompleted);

        await Task.Run(Server.Abort, TestContext.Current.CancellationToken);

        Assert.Equal(IoResult.Failed(TransportError.Aborted), await pending.InTimeAsync());
    }

    [Fact]
    public async Task Abort_at_any_moment_of_traffic_throws_nowhere()
    {
        for (var round = 0; round < 200; round++)
        {
            using var pair = await SocketPair.MakeAsync();
            var traffic = Task.WhenAll(SendUntilErrorAsync(pair.Server), ReceiveUntilErrorAsync(pair.Server), ReceiveUntilErrorAsync(pair.Client));
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Abort(), pair.Server, preferLocal: false);
            await traffic.InTimeAsync();
        }

        static async Task SendUntilErrorAsync(Connection connection)
        {
            await Task.Yield();
            var bytes = new byte[200_000];
            while (!(await connection.SendAsync(bytes)).HasError)
            {
                // Until it is aborted.
            }
        }

        static async Task ReceiveUntilErrorAsync(Connection connection)
        {
            await Task.Yield();
            var buffer = new byte[30_000];
            while (await connection.ReceiveAsync(buffer) is { HasError: false, IsEnd: false })
            {
                // Until it is aborted.
            }
        }
    }

    [Fact]
    public async Task Watcher_is_told_of_the_end_of_an_idle_connection()
    {
        var watcher = new SignalWatcher();
        Assert.True(Server.Watch(watcher));

        Client.Dispose();

        Assert.Same(Server, await watcher.Told.InTimeAsync());
        Assert.True(await Server.WaitForDataAsync().InTimeAsync());
        Assert.True(Server.TryReceive(new byte[1], out var result));
        Assert.True(result.IsEnd);
    }

    [Fact]
    public async Task Watch_says_no_when_data_is_there_already()
    {
        await Client.SendTextAsync("x");
        Assert.True(await Server.WaitForDataAsync().InTimeAsync());

        Assert.False(Server.Watch(new SignalWatcher()));
        Assert.Equal("x", await Server.ReadTextAsync(1));
    }
}
