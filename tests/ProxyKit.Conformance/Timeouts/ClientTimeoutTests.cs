namespace ProxyKit.Conformance.Timeouts;

public abstract class ClientTimeoutTests(Carrier carrier) : ProxyTest(carrier)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Client_without_a_byte_gets_a_408_when_the_time_for_its_first_head_is_over()
    {
        await StartAsync(OkOrigin(), frontend => frontend.RequestHeadTimeout(Limit));
        var client = await ConnectAsync();

        var response = await AdvanceUntilAsync(client.ReadResponseAsync());

        Assert.Equal((408, "close"), (response.Status, response["Connection"]));
        await client.ExpectClosedAsync();
        var line = await LoggedAsync();
        Assert.Equal(("cR", 408, "<BADREQ>"), (line.End, line.Status, line.Request));
    }

    [Fact] // SEC-14
    public async Task Head_that_comes_byte_by_byte_does_not_win_time()
    {
        var limit = TimeSpan.FromSeconds(5);
        var origin = OkOrigin();
        await StartAsync(origin, frontend => frontend.RequestHeadTimeout(limit));
        var began = Time.GetTimestamp();
        var client = await ConnectAsync();
        await client.SendRawAsync("GET / HTTP/1.1\r\nX-Slow: ");
        var response = client.ReadResponseAsync();
        for (var second = 1; second < 5; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await client.SendRawAsync("x");
        }

        Assert.Equal(408, (await AdvanceUntilAsync(response)).Status);
        Assert.InRange(Time.GetElapsedTime(began), limit, limit + TimeSpan.FromSeconds(0.5));
        Assert.Equal("cR", (await LoggedAsync()).End);
        Assert.Equal(0, origin.Connections);
    }

    [Fact]
    public async Task Kept_connection_without_a_byte_is_closed_without_a_word()
    {
        await StartAsync(OkOrigin(), frontend => frontend.KeepAliveTimeout(Limit).RequestHeadTimeout(TimeSpan.FromMinutes(5)));
        var client = await ConnectAsync();
        await GetAsync(client);
        await LoggedAsync();

        await AdvanceUntilAsync(client.ExpectClosedAsync());

        Assert.Single(Log.Entries, e => e.Category == "ProxyKit.Access");
    }

    [Fact]
    public async Task Second_head_that_began_and_stopped_gets_a_408()
    {
        await StartAsync(OkOrigin(), frontend => frontend.RequestHeadTimeout(Limit));
        var client = await ConnectAsync();
        await GetAsync(client);

        await client.SendRawAsync("GET / HT");

        Assert.Equal(408, (await AdvanceUntilAsync(client.ReadResponseAsync())).Status);
        Assert.Equal("cR", (await LoggedAsync(2)).End);
    }

    [Fact]
    public async Task Without_limits_of_their_own_heads_and_kept_connections_go_by_the_clients()
    {
        await StartAsync(OkOrigin(), frontend => frontend.RequestHeadTimeout(null).KeepAliveTimeout(null).ClientTimeout(Limit));
        var kept = await ConnectAsync();
        await GetAsync(kept);
        await AdvanceUntilAsync(kept.ExpectClosedAsync());
        var silent = await ConnectAsync();

        Assert.Equal(408, (await AdvanceUntilAsync(silent.ReadResponseAsync())).Status);
    }

    [Fact]
    public async Task Body_that_stalls_is_a_400_and_the_server_connection_is_broken_off()
    {
        var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
        await StartAsync(origin, frontend => frontend.ClientTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");

        Assert.Equal(400, (await AdvanceUntilAsync(client.ReadResponseAsync())).Status);
        await client.ExpectClosedAsync();
        Assert.Equal("cH", (await LoggedAsync()).End);
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Body_that_comes_slowly_but_steadily_is_not_cut()
    {
        using var heard = new Gate();
        var origin = Origin(
            async exchange =>
            {
                for (var i = 0; i < 8; i++)
                {
                    await exchange.Wire.ReadExactlyAsync(1);
                    heard.Open();
                }

                await exchange.AnswerOkAsync();
                exchange.Close();
            },
            early: true);
        await StartAsync(origin, frontend => frontend.ClientTimeout(Limit), backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n");
        for (var i = 0; i < 8; i++)
        {
            Time.Advance(Limit / 2);
            await client.SendRawAsync("x");
            await heard.PassAsync();
        }

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Client_that_does_not_read_is_broken_off()
    {
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            for (var i = 0; i < 1000; i++)
            {
                await exchange.AnswerRawAsync(new byte[100_000]);
            }
        });
        await StartAsync(origin, frontend => frontend.ClientTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal("cD", (await AdvanceUntilAsync(LoggedAsync())).End);
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Client_that_takes_its_time_over_a_complete_request_is_not_limited()
    {
        using var answer = new Gate();
        var origin = Origin(async exchange =>
        {
            await answer.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin, frontend => frontend.ClientTimeout(Limit).RequestHeadTimeout(Limit), backend => backend.ServerTimeout(null));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await origin.RequestAsync();

        Time.Advance(Limit * 10);
        answer.Open();

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    public sealed class OverSockets() : ClientTimeoutTests(Carrier.Sockets);

    public sealed class InMemory() : ClientTimeoutTests(Carrier.Memory);
}
