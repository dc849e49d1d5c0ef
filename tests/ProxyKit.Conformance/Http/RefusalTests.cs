using System.Text;

namespace ProxyKit.Conformance.Http;

/// <summary>What is refused for how it is written, and that nothing of it reaches the other side.</summary>
public abstract class RefusalTests(Carrier carrier) : ProxyTest(carrier)
{
    private const string Valid = "GET / HTTP/1.1\r\nHost: a\r\n";

    public static TheoryData<string, int> RefusedRequests { get; } = new()
    {
        { "\x01GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400 },
        { "GET / http/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /\r\n", 400 },
        { Valid + "no colon\r\n\r\n", 400 },
        { Valid + ": empty\r\n\r\n", 400 },
        { Valid + "X A: b\r\n\r\n", 400 },
        { Valid + "X-A : b\r\n\r\n", 400 },
        { Valid + "X-A: b\0c\r\n\r\n", 400 },
        { Valid + "X-A: b\rc\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n folded: a\r\n\r\n", 400 },
        { Valid + "Content-Length: x\r\n\r\n", 400 },
        { Valid + "Content-Length: 0,\r\n\r\n", 400 },
        { Valid + "Content-Length:\r\n\r\n", 400 },
        { Valid + "Content-Length: +5\r\n\r\n", 400 },
        { Valid + "Content-Length: 0x5\r\n\r\n", 400 },
        { Valid + "Content-Length: -1\r\n\r\n", 400 },
        { Valid + "Content-Length: 18446744073709551616\r\n\r\n", 400 },
        { Valid + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400 },
        { Valid + "Transfer-Encoding:\r\n\r\n", 400 },
        { Valid + "Transfer-Encoding: chunked,,\r\n\r\n", 400 },
        { Valid + "Transfer-Encoding: chunked, chunked\r\n\r\n", 400 },
        { Valid + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
        { Valid + "Transfer-Encoding: chunked, gzip\r\n\r\n", 400 },
        { Valid + "Transfer-Encoding: gzip\r\n\r\n", 400 },
        { Valid + "Transfer-Encoding: gzip, chunked\r\n\r\n", 422 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400 },
        { "GET http://h:8080/ HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET http://h h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "CONNECT /path HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "CONNECT http://h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n", 400 },
        { "CONNECT h HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "CONNECT h: HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "CONNECT h:81 HTTP/1.1\r\nHost: g:81\r\n\r\n", 400 },
        { "GET h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET admin HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "OPTIONS *xyz HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400 },
        { "GET / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 413 },
        { "HEAD / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 413 },
        { "DELETE / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 413 },
        { "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: short\r\n\r\n", 400 },
        { Fields(100) + "\r\n", 400 },
        { $"GET /{new string('u', 15_360)} HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
        { $"{Valid}X-Long: {new string('v', 15_360)}\r\n\r\n", 431 },
    };

    public static TheoryData<string> RefusedResponses { get; } =
    [
        "\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX A: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: b\0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: b\rc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        $"HTTP/1.1 200 OK\r\nX-Long: {new string('v', 15_360)}\r\n\r\n",
    ];

    [Theory] // SEC-13
    [MemberData(nameof(RefusedRequests), DisableDiscoveryEnumeration = true)]
    public async Task Malformed_request_gets_its_status_and_a_close_and_reaches_no_server(string request, int status)
    {
        ArgumentNullException.ThrowIfNull(request);
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync(Encoding.Latin1.GetBytes(request));

        Assert.Equal(status, (await client.ReadResponseAsync()).Status);
        await client.ExpectClosedAsync();
        var line = await LoggedAsync();
        Assert.Equal(("PR", status, "<BADREQ>"), (line.End, line.Status, line.Request));
        Assert.Equal(0, origin.Connections);
    }

    [Fact]
    public async Task Hundred_fields_are_not_too_many()
    {
        await StartAsync(OkOrigin());
        var client = await ConnectAsync();

        await client.SendRawAsync(Fields(99) + "\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Refused_request_behind_a_good_one_spoils_only_itself()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync(Valid + "\r\nBAD\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(400, (await client.ReadResponseAsync()).Status);
        await client.ExpectClosedAsync();
        Assert.Single(origin.Requests);
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("3\r\nabcX")]
    [InlineData("3\nabc\r\n")]
    [InlineData("10000000000000\r\n")]
    [InlineData("3;a=\"b\r\nabc\r\n0\r\n\r\n")]
    public async Task Malformed_chunk_of_a_request_is_a_400_and_breaks_the_server_connection_off(string chunks)
    {
        var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");

        Assert.Equal(400, (await client.ReadResponseAsync()).Status);
        await client.ExpectClosedAsync();
        await origin.OpenConnectionsAsync(0);
    }

    [Theory]
    [MemberData(nameof(RefusedResponses), DisableDiscoveryEnumeration = true)]
    public async Task Malformed_response_is_a_502_and_its_connection_is_closed(string response)
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync(response);
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync(Valid + "\r\n");

        Assert.Equal(502, (await client.ReadResponseAsync()).Status);
        Assert.Equal("PH", (await LoggedAsync()).End);
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Malformed_chunk_of_a_response_under_way_breaks_the_client_off()
    {
        using var sent = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            await sent.PassAsync();
            await wire.SendAsync("zz\r\n");
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync(Valid + "\r\n");
        await client.ExpectAsync("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "");
        sent.Open();

        await client.ExpectResetAsync();
        Assert.Equal("PD", (await LoggedAsync()).End);
    }

    [Theory]
    [InlineData("GET", 503, "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 107\r\ncache-control: no-cache\r\ncontent-type: text/html\r\n\r\n"
        + "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n")]
    [InlineData("HEAD", 503, "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 107\r\ncache-control: no-cache\r\ncontent-type: text/html\r\n\r\n")]
    [InlineData("G(T", 400, "HTTP/1.1 400 Bad request\r\nContent-length: 90\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html"
        + "\r\n\r\n<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body></html>\n")]
    public async Task Error_reply_is_exact_to_the_byte(string method, int status, string reply)
    {
        await StartAsync(proxy => proxy.AddFrontend("public", frontend => frontend.Bind("127.0.0.1:0")));
        var client = await ConnectAsync();

        await client.SendAsync($"{method} / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync(reply);
        Assert.Equal(status, (await LoggedAsync()).Status);
        if (status == 503)
        {
            Assert.Equal(503, (await GetAsync(client)).Status); // kept
        }
    }

    private static string Fields(int more) =>
        Valid + string.Concat(Enumerable.Range(0, more).Select(static i => $"X-{i}: y\r\n"));

    public sealed class OverSockets() : RefusalTests(Carrier.Sockets);

    public sealed class InMemory() : RefusalTests(Carrier.Memory);

    public sealed class InPieces() : RefusalTests(Carrier.Pieces);
}
