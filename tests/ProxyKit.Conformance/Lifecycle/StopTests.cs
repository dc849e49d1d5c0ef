using ProxyKit.Transport;

namespace ProxyKit.Conformance.Lifecycle;

public abstract class StopTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Idle_connections_close_at_once_and_nobody_is_accepted_any_more()
    {
        await StartAsync(OkOrigin());
        var kept = await ConnectAsync();
        await GetAsync(kept);
        var address = Proxy.EndPoints[0]!;

        await StopAsync().InTimeAsync();

        await kept.ExpectClosedAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(address));
    }

    [Fact]
    public async Task Request_under_way_finishes_and_its_client_is_told_to_close()
    {
        using var go = new Gate();
        var origin = Origin(async exchange =>
        {
            await go.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin);
        var silent = await ConnectAsync();
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await origin.RequestAsync();

        var stopping = StopAsync();
        Assert.False(stopping.IsCompleted);
        await silent.ExpectClosedAsync(); // it is told after the younger one
        go.Open();

        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "connection: close", "", "ok");
        await client.ExpectClosedAsync();
        await stopping.InTimeAsync();
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Request_whose_head_had_begun_is_still_served()
    {
        await StartAsync(OkOrigin());
        var idle = await ConnectAsync();
        await GetAsync(idle);
        var client = await ConnectAsync();
        await GetAsync(client);
        await WhenBuffersAsync(static lent => lent == 0);
        await client.SendRawAsync("GET / HTTP/1.1\r\n");
        await WhenBuffersAsync(static lent => lent > 0);

        var stopping = StopAsync();
        await idle.ExpectClosedAsync(); // it is told after the younger one
        await client.SendRawAsync("Host: a\r\n\r\n");

        var response = await client.ReadResponseAsync();
        Assert.Equal((200, "close"), (response.Status, response["Connection"]));
        await stopping.InTimeAsync();
    }

    // What holds the exchange when time is up: the server, the same with a request behind, the rest of the body, the rest of the head.
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /ahead HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("GE")]
    public async Task What_is_left_when_time_is_up_is_broken_off(string sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
        await StartAsync(
            origin, frontend => frontend.RequestHeadTimeout(null).ClientTimeout(null), backend => backend.ServerTimeout(null));
        var client = await ConnectAsync();
        await client.SendRawAsync(sent);
        await WhenBuffersAsync(static lent => lent > 0);
        if (sent.Length > 2)
        {
            await origin.OpenConnectionsAsync(1);
        }

        await AdvanceUntilAsync(StopAsync());

        await client.ExpectResetAsync();
        await origin.OpenConnectionsAsync(0);
        Assert.Equal(0, Proxy.Connections);
    }

    [Fact]
    public async Task Exchange_that_outlives_its_client_ends_too_when_time_is_up()
    {
        var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
        await StartAsync(origin, backend: backend => backend.ServerTimeout(null).Configure(o => o.AbortOnClose = false));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await origin.OpenConnectionsAsync(1);

        await AdvanceUntilAsync(StopAsync());

        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Upload_to_a_server_that_does_not_read_ends_when_time_is_up()
    {
        using var done = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await done.PassAsync();
        });
        await StartAsync(origin, frontend => frontend.ClientTimeout(null), backend => backend.ServerTimeout(null));
        var client = await ConnectAsync();
        var sending = UploadAsync(client);
        await origin.OpenConnectionsAsync(1);

        await AdvanceUntilAsync(StopAsync());

        await Assert.ThrowsAnyAsync<Exception>(() => sending);
        done.Open();
    }

    [Theory]
    [InlineData(ProxyMode.Http)]
    [InlineData(ProxyMode.Tcp)]
    public async Task Tunnel_goes_on_until_time_is_up(ProxyMode mode)
    {
        var origin = RawOrigin(async wire =>
        {
            if (mode == ProxyMode.Http)
            {
                await wire.ReadHeadAsync();
                await wire.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n");
            }

            while (await wire.ReadSomeAsync() is { Length: > 0 } bytes)
            {
                await wire.SendAsync(bytes);
            }
        });
        await StartAsync(origin, frontend => frontend.Mode(mode), backend => backend.Mode(mode));
        var client = await ConnectAsync();
        if (mode == ProxyMode.Http)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: chat", "", "");
            Assert.Equal(101, (await client.ReadResponseAsync()).Status);
        }

        await client.SendRawAsync("one");
        await client.ExpectAsync("one");

        var stopping = StopAsync();
        await client.SendRawAsync("two");
        await client.ExpectAsync("two");
        await AdvanceUntilAsync(stopping);

        await client.ExpectResetAsync();
        Assert.Equal("KD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Dispose_breaks_off_without_waiting()
    {
        var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
        await StartAsync(origin);
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await origin.OpenConnectionsAsync(1);

        await Proxy.DisposeAsync().AsTask().InTimeAsync();

        await client.ExpectResetAsync();
    }

    [Fact]
    public async Task Stopped_proxy_takes_no_reload()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        await StopAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReloadAsync(Compose([origin])));
    }

    private static async Task UploadAsync(WireClient client)
    {
        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
        for (var i = 0; i < 1000; i++)
        {
            await client.SendRawAsync(new byte[100_000]);
        }
    }

    private Task StopAsync() => Proxy.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until the proxy holds buffers, which it only does where something has come, or holds none.</summary>
    private Task WhenBuffersAsync(Func<int, bool> condition) => UntilAsync(() => condition(Buffers.Now));

    public sealed class OverSockets() : StopTests(Carrier.Sockets);

    /// <summary>And what sockets cannot be made to do.</summary>
    public sealed class InMemory() : StopTests(Carrier.Memory)
    {
        [Theory]
        [InlineData(ProxyMode.Http)]
        [InlineData(ProxyMode.Tcp)]
        public async Task Connect_under_way_ends_when_time_is_up(ProxyMode mode)
        {
            var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
            await StartAsync(origin, frontend => frontend.Mode(mode), backend => backend.Mode(mode).ConnectTimeout(null));
            using var connecting = new Gate();
            Network.Connecting = async (options, cancellation) =>
            {
                if (options.EndPoint.Equals(origin.EndPoint))
                {
                    connecting.Open();
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                return TransportError.None;
            };
            var client = await ConnectAsync();
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            await connecting.PassAsync();

            await AdvanceUntilAsync(StopAsync());

            Assert.Equal("KC", (await LoggedAsync()).End);
        }
    }
}
