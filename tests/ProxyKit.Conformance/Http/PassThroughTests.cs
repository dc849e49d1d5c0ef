using System.Text;

namespace ProxyKit.Conformance.Http;

public abstract class PassThroughTests(Carrier carrier) : ProxyTest(carrier)
{
    private const string OddFields =
        "hOsT: A.Example\r\nX-One:1\r\nX-TWO:   two  \r\nx-one: again\r\nCookie: a=b; c\r\nUser_Agent: under_score\r\n"
        + "Accept:\r\nX-Latin: \u00e9\u00fc\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nX-Quote: \"a,b\"\r\n";

    /// <summary>PT-02: method, target, fields and body are what the client sent, and nothing is added.</summary>
    [Fact]
    public async Task Untouched_request_reaches_the_server_byte_for_byte()
    {
        var body = BodyTests.Bytes(5000);
        var head = $"PATCH /Path/%7e?Q=1&q=2 HTTP/1.1\r\n{OddFields}Content-Length: 5000\r\n\r\n";
        byte[] seen = [];
        var origin = RawOrigin(async wire =>
        {
            seen = await wire.ReadExactlyAsync(head.Length + body.Length);
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync(head);
        await client.SendRawAsync(body);

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal([.. Encoding.Latin1.GetBytes(head), .. body], seen);
    }

    [Fact]
    public async Task Untouched_response_reaches_the_client_byte_for_byte()
    {
        const string Response =
            "HTTP/1.1 299 Some  Reason\r\nsErVer: x\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nDate:\r\nX-A:  b \r\nContent-Length: 3\r\n\r\nabc";
        await StartAsync(OriginAnswering(Response));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync(Response);
    }

    [Fact]
    public async Task Request_whose_connection_field_changes_keeps_all_others_as_they_came()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync($"GET / HTTP/1.1\r\n{OddFields}Connection: close\r\nX-Last: z\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal($"GET / HTTP/1.1\r\n{OddFields}X-Last: z\r\n\r\n", origin.Requests[0].Head);
    }

    [Theory]
    [InlineData("Connection: keep-alive\r\n", "")]
    [InlineData("Connection: close\r\n", "")]
    [InlineData("Connection: x-hop\r\n", "Connection: x-hop\r\n")]
    [InlineData("Connection: keep-alive, X-Hop\r\nConnection: other\r\n", "connection: X-Hop, other\r\n")]
    [InlineData("TE: trailers\r\n", "TE: trailers\r\n")]
    [InlineData("TE: gzip, trailers\r\n", "te: trailers\r\n")]
    [InlineData("TE: gzip\r\n", "")]
    [InlineData("TE: trailers;q=0.5\r\n", "")]
    [InlineData("Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n", "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n")]
    public async Task Hop_by_hop_fields_of_a_request_are_rewritten(string sent, string seen)
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync($"GET / HTTP/1.1\r\nHost: a\r\n{sent}\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal($"GET / HTTP/1.1\r\nHost: a\r\n{seen}\r\n", origin.Requests[0].Head);
    }

    // version and Connection of the request, version of the response, whether the sides are asked to close, and what each side is told
    [Theory]
    [InlineData("1.1", "1.1", false, null, null)]
    [InlineData("1.1", "1.0", false, null, "keep-alive")]
    [InlineData("1.0", "1.1", false, "keep-alive", "keep-alive")]
    [InlineData("1.0", "1.0", false, "keep-alive", "keep-alive")]
    [InlineData("1.1", "1.1", true, "close", "close")]
    [InlineData("1.1", "1.0", true, "close", null)]
    [InlineData("1.0", "1.1", true, null, "close")]
    [InlineData("1.0", "1.0", true, null, null)]
    public async Task Connection_field_says_what_each_side_needs_to_hear(
        string request, string response, bool closes, string? toServer, string? toClient)
    {
        var origin = OriginAnswering($"HTTP/{response} 200 OK", "Content-Length: 2", "", "ok");
        await StartAsync(
            origin,
            frontend => frontend.ConnectionMode(closes ? ConnectionMode.Close : ConnectionMode.KeepAlive),
            backend => backend.Configure(o => o.CloseServerConnections = closes));
        var client = await ConnectAsync();

        await client.SendAsync($"GET / HTTP/{request}", "Host: a", request == "1.0" ? "Connection: keep-alive" : "X-A: b", "", "");

        Assert.Equal(toClient, (await client.ReadResponseAsync())["Connection"]);
        Assert.Equal(toServer, origin.Requests[0]["Connection"]);
    }

    [Fact]
    public async Task Folded_field_is_joined_and_the_fold_never_forwarded()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Long: one\r\n  two\r\n\tthree\r\nX-B: c\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(["one", "two", "three"], origin.Requests[0]["X-Long"]!.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("c", origin.Requests[0]["X-B"]);
    }

    [Fact]
    public async Task Bare_line_feeds_are_accepted_and_forwarded_as_line_ends()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync("GET / HTTP/1.1\nHost: a\nX-A: b\n\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n", origin.Requests[0].Head);
    }

    [Theory]
    [InlineData("Content-Length: 3\r\nContent-Length: 3\r\n")]
    [InlineData("Content-Length: 3, 03\r\n")]
    public async Task Equal_lengths_are_merged_into_one(string fields)
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync($"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\nabc");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", origin.Requests[0].Head);
    }

    [Fact]
    public async Task Forwarded_fields_are_added_behind_those_of_the_client_or_replace_them()
    {
        var origin = OkOrigin();
        await StartAsync(origin, frontend => frontend.Forwarded(
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.Forwarded));
        var client = await ConnectAsync();

        await client.SendAsync(
            "GET / HTTP/1.1", "Host: a:81", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil", "", "");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        var seen = origin.Requests[0];
        Assert.Equal(["1.2.3.4", "127.0.0.1"], seen.Headers.Where(h => h.Name.Equals("X-Forwarded-For", StringComparison.OrdinalIgnoreCase)).Select(h => h.Value));
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
        Assert.Equal("a:81", seen["X-Forwarded-Host"]);
        Assert.Equal("proto=http;host=\"a:81\";for=127.0.0.1", seen["Forwarded"]);
    }

    [Fact]
    public async Task Largest_head_passes_and_an_added_field_still_fits()
    {
        var origin = OkOrigin();
        await StartAsync(origin, frontend => frontend.Forwarded(ForwardedHeaders.XForwardedFor));
        var client = await ConnectAsync();
        const string Start = "GET / HTTP/1.1\r\nHost: a\r\nX-Filler: ";
        var filler = new string('f', 15_360 - Start.Length - 4);

        await client.SendRawAsync($"{Start}{filler}\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(filler, origin.Requests[0]["X-Filler"]);
        Assert.Equal("127.0.0.1", origin.Requests[0]["X-Forwarded-For"]);
    }

    public sealed class OverSockets() : PassThroughTests(Carrier.Sockets);

    public sealed class InMemory() : PassThroughTests(Carrier.Memory);

    public sealed class InPieces() : PassThroughTests(Carrier.Pieces);
}
