namespace ProxyKit.Conformance.Statistics;

/// <summary>What a line says of what was under way when it was written, as HAProxy has it: the client's connection is, the request it tells of is not.</summary>
public abstract class LogCountTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Request_that_was_alone_counts_its_connection_alone()
    {
        await StartAsync(OkOrigin());

        await GetAsync();

        Assert.Equal("1/1/0/0/0", (await LoggedAsync()).Counts);
    }

    [Fact]
    public async Task Request_that_no_server_had_counts_its_connection_alone()
    {
        await StartAsync(OkOrigin(), frontend => frontend.OnRequest(static rules => rules.Deny()));

        await GetAsync();

        Assert.Equal("1/1/0/0/0", (await LoggedAsync()).Counts);
    }

    [Fact]
    public async Task Requests_that_others_have_under_way_count()
    {
        using Gate first = new(), second = new(), begun = new();
        var origin = Origin(async exchange =>
        {
            begun.Open();
            await (exchange.Request.Target == "/1" ? first : second).PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin);
        var (one, other) = (await ConnectAsync(), await ConnectAsync());
        var answers = new[] { GetAsync(one, "/1"), GetAsync(other, "/2") };
        await begun.PassAsync();
        await begun.PassAsync();

        first.Open();
        await answers[0];
        Assert.Equal("2/2/1/1/0", (await LoggedAsync(1)).Counts);

        second.Open();
        await answers[1];
        Assert.Equal("2/2/0/0/0", (await LoggedAsync(2)).Counts);
    }

    [Fact]
    public async Task Tunnel_that_was_alone_counts_its_connection_alone()
    {
        var origin = RawOrigin(static wire => wire.ExpectAsync("hello"));
        await StartAsync(origin, frontend => frontend.Mode(ProxyMode.Tcp), backend => backend.Mode(ProxyMode.Tcp));
        var client = await ConnectAsync();

        await client.SendRawAsync("hello");
        client.ShutdownSend();
        await client.ExpectClosedAsync();

        Assert.Equal("1/1/0/0/0", (await LoggedAsync()).Counts);
    }

    public sealed class OverSockets() : LogCountTests(Carrier.Sockets);

    public sealed class InMemory() : LogCountTests(Carrier.Memory);
}
