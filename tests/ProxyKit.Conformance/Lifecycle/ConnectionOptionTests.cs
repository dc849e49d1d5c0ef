using ProxyKit.Backends;

namespace ProxyKit.Conformance.Lifecycle;

/// <summary>Settings about how connections begin, wait and end.</summary>
public abstract class ConnectionOptionTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Connection_that_waits_for_its_next_request_outlasts_a_stop_where_it_may()
    {
        await StartAsync(OkOrigin(), frontend => frontend.Configure(o => o.KeepsIdleWhileDraining = true));
        var client = await ConnectAsync();
        Assert.Equal(200, (await GetAsync(client)).Status);

        var stopping = Proxy.StopAsync(TestContext.Current.CancellationToken);

        WireMessage response;
        do
        {
            response = await GetAsync(client); // until the stop has come to it, which nobody tells
            Assert.Equal(200, response.Status);
        }
        while (response["connection"] is null);

        Assert.Equal("close", response["connection"]);
        await client.ExpectClosedAsync();
        await stopping.InTimeAsync();
    }

    [Fact]
    public async Task Probe_that_only_connects_gets_no_answer_and_no_line()
    {
        await StartAsync(OkOrigin(), frontend => frontend.Configure(o => o.IgnoresProbes = true));
        var silent = await ConnectAsync();
        var leaving = await ConnectAsync();

        leaving.ShutdownSend();
        await leaving.ExpectClosedAsync();
        await AdvanceUntilAsync(silent.ExpectClosedAsync());

        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Equal("GET / HTTP/1.1", (await LoggedAsync()).Request); // the first line of all
    }

    [Fact]
    public async Task Client_is_reset_where_connections_are()
    {
        await StartAsync(OkOrigin(), frontend => frontend.Configure(o => o.ResetsConnections = true));
        var client = await ConnectAsync();
        Assert.Equal(200, (await GetAsync(client)).Status);

        await AdvanceUntilAsync(client.ExpectResetAsync()); // when it has waited for long enough
    }

    [Fact]
    public async Task Server_is_reset_where_its_connection_is_not_kept()
    {
        var reset = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var origin = RawOrigin(async wire =>
        {
            await wire.ExpectAsync("GET / HTTP/1.1\r\nHost: a\r\nconnection: close\r\n\r\n");
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await wire.ExpectResetAsync();
            reset.SetResult();
        });
        await StartAsync(origin, backend: backend => backend.Configure(o => (o.CloseServerConnections, o.ResetsConnections) = (true, true)));

        Assert.Equal(200, (await GetAsync()).Status);

        await reset.Task.InTimeAsync();
    }

    [Fact]
    public async Task Client_goes_back_to_the_server_that_keeps_a_connection_for_it()
    {
        var origins = Enumerable.Range(0, 2).Select(_ => OkOrigin()).ToArray();
        await StartAsync(Compose(origins, backend: backend => backend.Reuse(ConnectionReuse.Never).Configure(o => o.PrefersLastServer = true)));
        var client = await ConnectAsync();

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(200, (await GetAsync(client)).Status);
        }

        Assert.Equal([4, 0], origins.Select(static o => o.Requests.Count).OrderDescending());
    }

    [Fact]
    public async Task Client_keeps_no_connection_of_its_own_where_none_may_be_kept()
    {
        var origin = OkOrigin();
        await StartAsync(origin, frontend => frontend.Configure(o => o.MaxPrivateConnections = 0), backend => backend.Reuse(ConnectionReuse.Never));
        var client = await ConnectAsync();

        await GetAsync(client);
        await GetAsync(client);

        Assert.Equal(2, origin.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_beyond_the_rate_of_the_process_waits_until_one_more_fits(bool ofConnections)
    {
        var origin = OkOrigin();
        await StartAsync(proxy =>
        {
            Compose([origin])(proxy);
            proxy.Configure(o => (o.MaxConnectionRate, o.MaxSessionRate) = (ofConnections ? 1 : null, ofConnections ? null : 1));
        });
        Assert.Equal(200, (await GetAsync()).Status);
        var late = await ConnectAsync();
        await late.SendAsync("GET /late HTTP/1.1", "Host: a", "", "");
        var sent = Time.GetTimestamp();

        Assert.Equal(200, (await AdvanceUntilAsync(late.ReadResponseAsync())).Status);
        var waited = Time.GetElapsedTime(sent); // the clock stands still but for what the wait for the answer moves it
        Assert.True(waited >= TimeSpan.FromMilliseconds(1000), $"It was answered after {waited}.");
    }

    public sealed class OverSockets() : ConnectionOptionTests(Carrier.Sockets);

    public sealed class InMemory() : ConnectionOptionTests(Carrier.Memory);
}
