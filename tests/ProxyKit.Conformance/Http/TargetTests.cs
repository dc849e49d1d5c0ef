namespace ProxyKit.Conformance.Http;

public abstract class TargetTests(Carrier carrier) : ProxyTest(carrier)
{
    [Theory]
    [InlineData("GET http://h/p?q HTTP/1.1", "h", "GET http://h/p?q HTTP/1.1", "h")]
    [InlineData("GET http://h:80/ HTTP/1.1", "h", "GET http://h/ HTTP/1.1", "h")]
    [InlineData("GET http://h HTTP/1.1", "h:80", "GET http://h/ HTTP/1.1", "h")]
    [InlineData("GET https://h:443/x HTTP/1.1", "h", "GET https://h/x HTTP/1.1", "h")]
    [InlineData("GET http://h:8080/ HTTP/1.1", "h:8080", "GET http://h:8080/ HTTP/1.1", "h:8080")]
    [InlineData("OPTIONS * HTTP/1.1", "h", "OPTIONS * HTTP/1.1", "h")]
    [InlineData("GET /a%20b/../c;d?e=f&g HTTP/1.1", "h", "GET /a%20b/../c;d?e=f&g HTTP/1.1", "h")]
    public async Task Target_reaches_the_server_in_its_form(string line, string host, string lineSeen, string hostSeen)
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync(line, $"Host: {host}", "", "");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(lineSeen, origin.Requests[0].StartLine);
        Assert.Equal(hostSeen, origin.Requests[0]["Host"]);
    }

    [Fact]
    public async Task Connect_that_is_accepted_becomes_a_tunnel()
    {
        await StartAsync(EchoBehind("HTTP/1.1 200 Connected\r\nContent-Length: 5\r\n\r\n"));
        var client = await ConnectAsync();

        await client.SendAsync("CONNECT h:443 HTTP/1.1", "Host: h:443", "", "");
        await client.ExpectAsync("HTTP/1.1 200 Connected", "", "");
        await client.SendRawAsync("\0anything\r\n");

        await client.ExpectAsync("\0anything\r\n");
        client.ShutdownSend();
        await client.ExpectClosedAsync();
        var line = await LoggedAsync();
        Assert.Equal(("--", 200), (line.End, line.Status));
    }

    [Fact]
    public async Task Connect_passes_on_what_the_client_sent_ahead()
    {
        await StartAsync(EchoBehind("HTTP/1.1 200 Connected\r\n\r\n"));
        var client = await ConnectAsync();

        await client.SendRawAsync("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\nahead of time");

        await client.ExpectAsync("HTTP/1.1 200 Connected", "", "ahead of time");
    }

    [Fact]
    public async Task Connect_passes_on_what_the_server_sent_with_its_answer()
    {
        await StartAsync(EchoBehind("HTTP/1.1 200 Connected\r\n\r\nhello"));
        var client = await ConnectAsync();

        await client.SendAsync("CONNECT h:443 HTTP/1.1", "Host: h:443", "", "");

        await client.ExpectAsync("HTTP/1.1 200 Connected", "", "hello");
    }

    [Fact]
    public async Task Connect_that_is_refused_is_answered_and_what_was_meant_for_the_tunnel_is_no_request()
    {
        var origin = Origin(exchange => exchange.AnswerAsync("HTTP/1.1 403 Forbidden", "Content-Length: 2", "", "no"));
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("CONNECT h:443 HTTP/1.1", "Host: h:443", "", "GET /smuggled HTTP/1.1", "Host: h", "", "");

        await client.ExpectAsync("HTTP/1.1 403 Forbidden", "Content-Length: 2", "connection: close", "", "no");
        await client.ExpectClosedAsync();
        Assert.Single(origin.Requests);
    }

    [Fact]
    public async Task Missing_host_is_accepted()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "", "");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("GET / HTTP/1.1\r\n\r\n", origin.Requests[0].Head);
    }

    /// <summary>A server that answers a head and sends back whatever comes then.</summary>
    private WireOrigin EchoBehind(string answer) => RawOrigin(async wire =>
    {
        await wire.ReadHeadAsync();
        await wire.SendAsync(answer);
        while (await wire.ReadSomeAsync() is { Length: > 0 } bytes)
        {
            await wire.SendAsync(bytes);
        }
    });

    public sealed class OverSockets() : TargetTests(Carrier.Sockets);

    public sealed class InMemory() : TargetTests(Carrier.Memory);

    public sealed class InPieces() : TargetTests(Carrier.Pieces);
}
