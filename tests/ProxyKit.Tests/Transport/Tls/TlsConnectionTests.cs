using System.Security.Authentication;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport.Tls;

public sealed class TlsConnectionTests
{
    private static readonly byte[] Sent = new byte[100];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tls_carries_both_directions(bool inMemory)
    {
        await using var pair = await TlsPair.MakeAsync(inMemory);

        Assert.Equal(IoResult.Moved(5), await pair.Client.SendTextAsync("hello"));
        Assert.Equal("hello", await pair.Server.ReadTextAsync(5));
        Assert.Equal(IoResult.Moved(6), await pair.Server.SendTextAsync("world!"));
        Assert.Equal("world!", await pair.Client.ReadTextAsync(6));
    }

    [Fact]
    public async Task Tls_says_what_was_agreed()
    {
        await using var pair = await TlsPair.MakeAsync();

        Assert.True(pair.Server.IsSecure);
        Assert.Equal(SslProtocols.Tls13, pair.Server.Protocol);
        Assert.StartsWith("TLS_", pair.Server.CipherSuite.ToString(), StringComparison.Ordinal);
        Assert.Equal("localhost", pair.Server.ServerName);
        Assert.Equal(pair.Client.LocalEndPoint, pair.Server.RemoteEndPoint);
    }

    [Fact]
    public async Task Idle_tls_connection_holds_no_buffer()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);

        var wait = pair.Server.WaitForDataAsync().AsTask();
        Assert.False(wait.IsCompleted);
        Assert.Equal(0, pair.ServerPool.Rented);

        await pair.Client.SendTextAsync("x");
        Assert.True(await wait.InTimeAsync());
        Assert.Equal("x", await pair.Server.ReadTextAsync(1));
        Assert.Equal(0, pair.ServerPool.Rented);
    }

    [Fact]
    public async Task What_is_left_of_a_record_ends_the_next_wait_at_once()
    {
        await using var pair = await TlsPair.MakeAsync();
        await pair.Client.SendTextAsync("abcdef");

        Assert.Equal("abc", await pair.Server.ReadTextAsync(3));

        Assert.True(pair.Server.WaitForDataAsync().AsTask().IsCompleted);
        Assert.Equal("def", await pair.Server.ReadTextAsync(3));
    }

    [Fact]
    public async Task What_a_given_up_wait_missed_goes_to_the_next()
    {
        await using var pair = await TlsPair.MakeAsync();

        var wait = pair.Server.WaitForDataAsync().AsTask();
        pair.Server.CancelWait();
        Assert.False(await wait.InTimeAsync());

        await pair.Client.SendTextAsync("late");
        Assert.Equal("late", await pair.Server.ReadTextAsync(4));
    }

    [Fact]
    public async Task Watcher_of_an_idle_tls_connection_is_told_of_data()
    {
        await using var pair = await TlsPair.MakeAsync();
        var watcher = new SignalWatcher();

        Assert.True(pair.Server.Watch(watcher));
        await pair.Client.SendTextAsync("x");

        Assert.Same(pair.Server, await watcher.Told.InTimeAsync());
        Assert.Equal("x", await pair.Server.ReadTextAsync(1));
    }

    [Fact]
    public async Task Shutdown_announces_the_end_and_leaves_the_other_direction_open()
    {
        await using var pair = await TlsPair.MakeAsync();

        await pair.Client.ShutdownSendAsync();
        Assert.Equal(default, await pair.Server.ReceiveInTimeAsync());
        Assert.Equal(default, await pair.Server.ReceiveInTimeAsync());

        await pair.Server.SendTextAsync("still here");
        Assert.Equal("still here", await pair.Client.ReadTextAsync(10));
        await pair.Server.ShutdownSendAsync();
        Assert.Equal(default, await pair.Client.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task End_without_close_notify_is_an_end()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true); // a socket closed with a session ticket unread resets
        await pair.Client.SendTextAsync("bye");

        pair.Client.Dispose();

        Assert.Equal("bye", await pair.Server.ReadTextAsync(3));
        Assert.Equal(default, await pair.Server.ReceiveInTimeAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Abort_ends_what_is_pending_and_resets_the_peer(bool inMemory)
    {
        await using var pair = await TlsPair.MakeAsync(inMemory);
        var pending = pair.Server.ReceiveInTimeAsync();

        pair.Server.Abort();

        Assert.Equal(IoResult.Failed(TransportError.Aborted), await pending);
        Assert.Equal(IoResult.Failed(TransportError.Aborted), await pair.Server.SendTextAsync("x"));
        Assert.Equal(IoResult.Failed(TransportError.Reset), await pair.Client.ReceiveInTimeAsync());
        pair.Server.Abort();
    }

    [Fact]
    public async Task Abort_ends_a_send_that_waits_for_room()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true, capacity: 4096);
        var pending = pair.Server.SendAsync(new byte[1 << 20]).AsTask();
        Assert.False(pending.IsCompleted);

        pair.Server.Abort();

        Assert.Equal(IoResult.Failed(TransportError.Aborted), await pending.InTimeAsync());
    }

    [Fact]
    public async Task Send_to_a_peer_that_reset_is_a_reset()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);

        pair.Client.Abort();

        Assert.Equal(IoResult.Failed(TransportError.Reset), await pair.Server.SendTextAsync("x"));
        Assert.Equal(IoResult.Failed(TransportError.Reset), await pair.Server.ReceiveInTimeAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Relay_in_random_sizes_is_exact(int seed)
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true, ReceiveSizes.Random(seed, 40_000));
        var bytes = new byte[2_000_000];
        new Random(seed).NextBytes(bytes);
        var sending = SendAllAsync();

        var (received, error) = await pair.Server.ReadToEndAsync(ReceiveSizes.Random(seed + 20, 30_000));

        await sending.InTimeAsync();
        Assert.Equal(TransportError.None, error);
        Assert.True(bytes.AsSpan().SequenceEqual(received));

        async Task SendAllAsync()
        {
            var sizes = ReceiveSizes.Random(seed + 10, 100_000);
            for (int sent = 0, size; sent < bytes.Length; sent += size)
            {
                size = Math.Min(sizes(), bytes.Length - sent);
                Assert.Equal(IoResult.Moved(size), await pair.Client.SendAsync(bytes.AsMemory(sent, size)));
            }

            await pair.Client.ShutdownSendAsync();
        }
    }

    [Fact]
    public async Task Both_directions_at_once_one_byte_at_a_time_are_exact()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true, ReceiveSizes.Of(1));
        var text = string.Concat(Enumerable.Range(0, 500).Select(i => (char)('a' + (i % 26))));

        var sends = Task.WhenAll(pair.Client.SendTextAsync(text), pair.Server.SendTextAsync(text));
        var reads = await Task.WhenAll(pair.Client.ReadTextAsync(500), pair.Server.ReadTextAsync(500));

        await sends;
        Assert.Equal([text, text], reads);
    }

    [Fact]
    public async Task Client_that_waits_from_the_start_gets_past_session_tickets_to_what_comes_later()
    {
        await using var pair = await TlsPair.MakeAsync();
        var wait = pair.Client.WaitForDataAsync().InTimeAsync();

        await pair.Server.SendTextAsync("later");

        Assert.True(await wait);
        Assert.Equal("later", await pair.Client.ReadTextAsync(5));
    }

    [Fact]
    public async Task Record_that_nobody_encrypted_is_an_error_and_the_connection_can_still_be_closed()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);

        await pair.RawClient.SendAsync((byte[])[0x17, 3, 3, 0, 40, .. new byte[40]]);

        Assert.Equal(IoResult.Failed(TransportError.Other), await pair.Server.ReceiveInTimeAsync());
        await pair.Server.ShutdownSendAsync();
    }

    [Fact]
    public async Task Record_longer_than_the_protocol_allows_is_an_error()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);

        await pair.RawClient.SendAsync((byte[])[0x17, 3, 3, 0xFF, 0xFF, .. new byte[40_000]]);

        Assert.Equal(IoResult.Failed(TransportError.Other), await pair.Server.ReceiveInTimeAsync());
    }

    [Theory]
    [InlineData(new byte[] { 0x17 })]
    [InlineData(new byte[] { 0x17, 3, 3, 0, 40, 1, 2, 3 })]
    public async Task End_inside_a_record_is_a_reset(byte[] cut)
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);
        await pair.Client.SendTextAsync("whole");

        await pair.RawClient.SendAsync(cut);
        pair.RawClient.Dispose();

        Assert.Equal("whole", await pair.Server.ReadTextAsync(5));
        Assert.Equal(IoResult.Failed(TransportError.Reset), await pair.Server.ReceiveInTimeAsync());
        Assert.Equal(IoResult.Failed(TransportError.Reset), await pair.Server.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task Send_after_shutdown_is_a_reset_as_with_a_socket()
    {
        await using var pair = await TlsPair.MakeAsync();
        await pair.Server.ShutdownSendAsync();
        await pair.Server.ShutdownSendAsync();

        Assert.Equal(IoResult.Failed(TransportError.Reset), await pair.Server.SendTextAsync("x"));
    }

    [Fact]
    public async Task Many_connections_that_exchange_at_once_lose_no_wake_up()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(seed => Task.Run(() => ExchangeAsync(seed), TestContext.Current.CancellationToken)));

        static async Task ExchangeAsync(int seed)
        {
            await using var pair = await TlsPair.MakeAsync(inMemory: seed % 4 == 0);
            var random = new Random(seed);
            for (var i = 0; i < 200; i++)
            {
                var text = new string((char)('a' + (i % 26)), random.Next(1, 3000));
                var reading = pair.Server.ReadTextAsync(text.Length);
                await pair.Client.SendTextAsync(text);
                Assert.Equal(text, await reading);
                await pair.Server.SendTextAsync(text);
                Assert.Equal(text, await pair.Client.ReadTextAsync(text.Length));
            }
        }
    }

    [Fact]
    public async Task Exchange_on_a_warm_tls_connection_allocates_nothing()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true, signalsInline: true, noticeLeaks: false);
        Exchange(pair, times: 200);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(pair, times: 1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Exchange(TlsPair pair, int times)
        {
            for (var i = 0; i < times; i++)
            {
                Pass(pair.Client, pair.Server);
                Pass(pair.Server, pair.Client);
            }
        }

        // All on this thread: the wait ends inside the send.
        static void Pass(Connection from, Connection to)
        {
            Span<byte> received = stackalloc byte[200];
            var wait = to.WaitForDataAsync();
            Assert.False(wait.IsCompleted);
            var send = from.SendAsync(Sent);
            Assert.True(send.IsCompletedSuccessfully && wait.IsCompletedSuccessfully);
            Assert.True(wait.Result && to.TryReceive(received, out var result) && result.Bytes == Sent.Length);
        }
    }

    [Fact]
    public async Task Closing_at_any_moment_leaks_nothing_and_throws_nowhere()
    {
        using var unobserved = new UnobservedExceptions();
        for (var round = 0; round < 60; round++)
        {
            await using var pair = await TlsPair.MakeAsync(inMemory: round % 2 == 0);
            var traffic = Task.WhenAll(PumpAsync(pair.Client), PumpAsync(pair.Server), DrainAsync(pair.Client), DrainAsync(pair.Server));
            ThreadPool.UnsafeQueueUserWorkItem(server => Close(server, round % 3), pair.Server, preferLocal: false);
            await traffic.InTimeAsync();
        }

        unobserved.AssertNone();

        static async Task PumpAsync(Connection connection)
        {
            await Task.Yield(); // neither side may keep the test's own thread
            var bytes = new byte[20_000];
            while (!(await connection.SendAsync(bytes)).HasError)
            {
                // Until it is closed.
            }
        }

        static async Task DrainAsync(Connection connection)
        {
            await Task.Yield();
            var buffer = new byte[7000];
            while (await connection.ReceiveAsync(buffer) is { HasError: false, IsEnd: false })
            {
                // Until it is closed.
            }

            connection.Dispose();
        }

        static void Close(Connection connection, int way)
        {
            if (way == 0)
            {
                connection.Dispose();
            }
            else
            {
                connection.Abort();
            }
        }
    }
}
