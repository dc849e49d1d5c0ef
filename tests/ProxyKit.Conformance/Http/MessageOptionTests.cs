using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Conformance.Http;

/// <summary>Settings about the messages themselves: their bodies, names and trailers.</summary>
public abstract class MessageOptionTests(Carrier carrier) : ProxyTest(carrier)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_that_is_buffered_comes_to_the_rules_with_its_body(bool inFrontend)
    {
        var origin = OkOrigin();
        await StartAsync(
            origin,
            frontend => frontend.Configure(o => o.BuffersRequests = inFrontend),
            backend => backend.Configure(o => o.BuffersRequests = !inFrontend).OnRequest(r => r.SetHeader("x-body", Value.Parse("req.body"))));
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 11", "", "hello ");
        await client.SendRawAsync("world");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        var request = Assert.Single(origin.Requests);
        Assert.Equal("hello world", request["x-body"]);
        Assert.Equal("hello world", request.Text);
    }

    [Fact]
    public async Task Request_that_is_buffered_and_too_slow_gets_408_and_no_server()
    {
        var origin = OkOrigin();
        await StartAsync(origin, frontend => frontend.Configure(o => o.BuffersRequests = true));
        var client = await ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 11", "", "hello");

        var response = await AdvanceUntilAsync(client.ReadResponseAsync());

        Assert.Equal(408, response.Status);
        Assert.Equal("cR", (await LoggedAsync()).End);
        Assert.Empty(origin.Requests);
    }

    [Theory]
    [InlineData(true, "http-buffer-request")]
    [InlineData(false, "gateway:7")]
    public async Task What_was_waited_for_in_vain_is_told(bool buffers, string entity)
    {
        await StartAsync(OkOrigin(), frontend => frontend.Configure(o =>
        {
            (o.BuffersRequests, o.LogFormat) = (buffers, "%ST %[waiting_entity] %[last_entity]");
            o.Rules.Request.Add(new RuleOptions(RuleActions.WaitForBody(TimeSpan.FromSeconds(1))) { Origin = "gateway:7" });
        }));
        var client = await ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 11", "", "hello");
        await AdvanceUntilAsync(client.ReadResponseAsync());
        var other = await ConnectAsync();
        await other.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 5", "", "he");
        await other.SendRawAsync("llo");
        await other.ReadResponseAsync();

        await Log.WaitForAsync(static entry => entry.Message.StartsWith("200 ", StringComparison.Ordinal));
        Assert.Equal([$"408 {entity} -", "200 - -"], Log.Entries.Where(static e => e.Category == "ProxyKit.Access").Select(static e => e.Message));
    }

    [Fact]
    public async Task Client_that_expects_it_is_told_to_send_what_is_buffered()
    {
        var origin = OkOrigin();
        await StartAsync(origin, frontend => frontend.Configure(o => o.BuffersRequests = true));
        var client = await ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 5", "Expect: 100-continue", "", "");

        await client.ExpectAsync("HTTP/1.1 100 Continue", "", "");
        await client.SendRawAsync("hello");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(("hello", null), (origin.Requests[0].Text, origin.Requests[0]["expect"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fields_with_odd_names_are_removed_behind_the_rules(bool inFrontend)
    {
        var origin = OkOrigin();
        await StartAsync(
            origin,
            frontend => frontend.Configure(o => o.OddHeaderNames = inFrontend ? OddHeaderNames.Delete : OddHeaderNames.Preserve)
                .OnRequest(r => r.SetHeader("x-seen", Value.Parse("req.hdr(x_user)")).Allow()),
            backend => backend.Configure(o => o.OddHeaderNames = inFrontend ? OddHeaderNames.Preserve : OddHeaderNames.Delete));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X_User: me", "X.Y: 1", "X-User: you", "", "");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(["Host", "X-User", "x-seen"], origin.Requests[0].Headers.Select(static h => h.Name));
        Assert.Equal("me", origin.Requests[0]["x-seen"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_with_an_odd_name_is_refused(bool inFrontend)
    {
        var origin = OkOrigin();
        await StartAsync(
            origin,
            frontend => frontend.Configure(o => o.OddHeaderNames = inFrontend ? OddHeaderNames.Reject : OddHeaderNames.Preserve),
            backend => backend.Configure(o => o.OddHeaderNames = inFrontend ? OddHeaderNames.Preserve : OddHeaderNames.Reject));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X_User: me", "", "");

        Assert.Equal(403, (await client.ReadResponseAsync()).Status);
        Assert.Equal("PR", (await LoggedAsync()).End);
        Assert.Equal(200, (await GetAsync(client)).Status);
        Assert.Single(origin.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trailers_are_dropped_where_they_are_not_wanted(bool areDropped)
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "2", "ok", "0", "X-Out: 1", "", "");
        await StartAsync(
            origin,
            frontend => frontend.Configure(o => o.DropsResponseTrailers = areDropped),
            backend => backend.Configure(o => o.DropsRequestTrailers = areDropped));
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "", "2", "hi", "0", "X-In: 1", "", "");

        var response = await client.ReadResponseAsync();
        Assert.Equal("ok", response.Text);
        Assert.Equal("hi", origin.Requests[0].Text);
        Assert.Equal(areDropped ? 0 : 1, response.Trailers.Count);
        Assert.Equal(areDropped ? 0 : 1, origin.Requests[0].Trailers.Count);
    }

    [Fact]
    public async Task Names_are_written_as_old_programs_know_them()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "content-length: 2", "etag: x", "", "ok");
        await StartAsync(proxy =>
        {
            Compose(
                [origin],
                frontend => frontend.Configure(o => o.AdjustsHeaderCase = true).OnRequest(r => r.SetHeader("x-added", "1")).OnAfterResponse(r => r.SetHeader("x-added", "2")),
                backend => backend.Configure(o => o.AdjustsHeaderCase = true))(proxy);
            proxy.Configure(o =>
            {
                foreach (var name in (string[])["ETag", "X-Added", "Content-Length", "SOAPAction", "Connection"])
                {
                    o.HeaderNames.Add(name);
                }
            });
        });
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "soapaction: x", "Connection: close", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "ETag: x", "X-Added: 2", "Connection: close", "", "ok");
        Assert.Equal(["Host", "SOAPAction", "X-Added"], origin.Requests[0].Headers.Select(static h => h.Name));
    }

    [Fact]
    public async Task Own_answers_of_the_proxy_have_these_names_too()
    {
        await StartAsync(proxy =>
        {
            Compose([], frontend => frontend.Configure(o => o.AdjustsHeaderCase = true))(proxy);
            proxy.Configure(o => o.HeaderNames.Add("Content-Length"));
        });

        var response = await GetAsync();

        Assert.Equal(503, response.Status);
        Assert.Contains("Content-Length", response.Headers.Select(static h => h.Name));
    }

    [Fact]
    public async Task Server_is_not_told_to_close_where_that_is_hidden()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: backend => backend.Configure(o => (o.CloseServerConnections, o.PretendsKeepAlive) = (true, true)));
        var client = await ConnectAsync();

        await GetAsync(client);
        await GetAsync(client);

        Assert.Equal(2, origin.Connections);
        Assert.All(origin.Requests, static r => Assert.Null(r["connection"]));
    }

    [Fact]
    public async Task Server_that_stands_for_another_place_gets_what_has_to_be_served()
    {
        var origin = OkOrigin();
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address, s => s.Configure(o => o.RedirectPrefix = "https://static.example/v1"))));
        var client = await ConnectAsync();

        var response = await GetAsync(client, "/a?b=1");
        Assert.Equal((302, "https://static.example/v1/a?b=1"), (response.Status, response["location"]));
        Assert.Equal("LC", (await LoggedAsync()).End);

        var posting = await ConnectAsync();
        await posting.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 2", "", "hi");
        Assert.Equal(200, (await posting.ReadResponseAsync()).Status);
        Assert.Equal("POST", Assert.Single(origin.Requests).Method);
    }

    public sealed class OverSockets() : MessageOptionTests(Carrier.Sockets);

    public sealed class InMemory() : MessageOptionTests(Carrier.Memory);

    public sealed class InPieces() : MessageOptionTests(Carrier.Pieces);
}
