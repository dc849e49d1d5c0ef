namespace ProxyKit.Conformance.Http;

public abstract class KeepAliveTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Connection_is_kept_for_further_requests_on_both_sides()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync($"GET /{i} HTTP/1.1", "Host: a", "", "");
            await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        }

        Assert.Equal(["/0", "/1", "/2"], origin.Requests.Select(r => r.Target));
        Assert.Equal(1, origin.Connections);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order_one_after_the_other()
    {
        var atOnce = 0;
        var origin = Origin(async exchange =>
        {
            Assert.Equal(1, Interlocked.Increment(ref atOnce));
            Interlocked.Decrement(ref atOnce); // before the answer, which lets the next one come
            await exchange.AnswerOkAsync($"{exchange.Request.Method} {exchange.Request.Target} {exchange.Request.Text}");
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
            + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n0\r\n\r\n"
            + "HEAD /4 HTTP/1.1\r\nHost: a\r\n\r\n"
            + "GET /5 HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal("GET /1 ", (await client.ReadResponseAsync()).Text);
        Assert.Equal("POST /2 abc", (await client.ReadResponseAsync()).Text);
        Assert.Equal("POST /3 def", (await client.ReadResponseAsync()).Text);
        Assert.Equal("8", (await client.ReadResponseAsync("HEAD"))["Content-Length"]);
    }

    [Fact]
    public async Task Pipelined_requests_beyond_a_buffer_are_all_answered()
    {
        const int Requests = 300;
        var origin = Origin(exchange => exchange.AnswerOkAsync(exchange.Request.Target));
        await StartAsync(origin);
        var client = await ConnectAsync();

        var sending = client.SendRawAsync(string.Concat(
            Enumerable.Range(0, Requests).Select(i => $"GET /{i} HTTP/1.1\r\nHost: a.example\r\nX-Filler: {new string('x', i)}\r\n\r\n")));

        for (var i = 0; i < Requests; i++)
        {
            Assert.Equal($"/{i}", (await client.ReadResponseAsync()).Text);
        }

        await sending;
    }

    [Fact]
    public async Task Empty_lines_between_requests_are_passed_over()
    {
        await StartAsync(OkOrigin());
        var client = await ConnectAsync();

        await client.SendRawAsync("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Client_that_says_close_is_closed_and_what_it_sent_behind_is_never_served()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "connection: close", "", "ok");
        await ExpectEndAsync(client);
        Assert.Equal(["/1"], origin.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task Client_of_http10_is_closed_after_its_response()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.0", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "connection: close", "", "ok");
        await client.ExpectClosedAsync();
        Assert.Equal("GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", origin.Requests[0].Head);
    }

    [Fact]
    public async Task Client_of_http10_that_asks_to_be_kept_is_kept_and_told()
    {
        await StartAsync(OkOrigin());
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.0", "Connection: Keep-Alive", "", "");
            await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "connection: keep-alive", "", "ok");
        }
    }

    [Fact]
    public async Task Server_of_http10_is_closed_and_the_client_kept()
    {
        var origin = OriginAnswering("HTTP/1.0 200 OK", "Content-Length: 2", "", "ok");
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            await client.ExpectAsync("HTTP/1.0 200 OK", "Content-Length: 2", "connection: keep-alive", "", "ok");
        }

        Assert.Equal(2, origin.Connections);
    }

    [Fact]
    public async Task Server_of_http10_that_offers_to_be_kept_is_kept()
    {
        var origin = OriginAnswering("HTTP/1.0 200 OK", "Connection: keep-alive", "Content-Length: 2", "", "ok");
        await StartAsync(origin);
        var client = await ConnectAsync();

        await GetAsync(client);
        await GetAsync(client);

        Assert.Equal(1, origin.Connections);
    }

    [Fact]
    public async Task Server_that_says_close_is_closed_and_the_client_hears_nothing_of_it()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 2", "", "ok");
        await StartAsync(origin);
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        }

        Assert.Equal(2, origin.Connections);
    }

    [Fact]
    public async Task Mode_close_closes_the_client_after_each_response()
    {
        await StartAsync(OkOrigin(), frontend => frontend.ConnectionMode(ConnectionMode.Close));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "connection: close", "", "ok");
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mode_server_close_closes_the_server_and_keeps_the_client(bool inFrontend)
    {
        var origin = OkOrigin();
        await StartAsync(
            origin,
            frontend => frontend.ConnectionMode(inFrontend ? ConnectionMode.ServerClose : ConnectionMode.KeepAlive),
            backend => backend.Configure(o => o.CloseServerConnections = !inFrontend));
        var client = await ConnectAsync();

        await GetAsync(client);
        await GetAsync(client);

        Assert.Equal(2, origin.Connections);
        Assert.Equal("close", origin.Requests[0]["Connection"]);
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Client_that_leaves_between_requests_is_no_exchange()
    {
        await StartAsync(OkOrigin());
        var client = await ConnectAsync();
        await GetAsync(client);
        await LoggedAsync();

        client.ShutdownSend();

        await client.ExpectClosedAsync();
        Assert.Single(Log.Entries, e => e.Category == "ProxyKit.Access");
    }

    /// <summary>The client sent more than was read, so the end may show as a reset.</summary>
    private static async Task ExpectEndAsync(WireClient client)
    {
        try
        {
            Assert.Empty(await client.Wire.ReadToEndAsync());
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    public sealed class OverSockets() : KeepAliveTests(Carrier.Sockets);

    public sealed class InMemory() : KeepAliveTests(Carrier.Memory);

    public sealed class InPieces() : KeepAliveTests(Carrier.Pieces);
}
