using ProxyKit.CircuitBreakers;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Queueing;

/// <summary>A request that is here in full waits without its exchange: what was known and done before the wait has to be there behind it.</summary>
public sealed class ParkedRequestTests : ConfiguredTest
{
    [Fact]
    public async Task Request_that_nobody_changed_goes_out_as_it_came()
    {
        var origin = HoldingOrigin();
        var waiting = await StartWaitingAsync(origin, "", "", "X-One: a  b", "x-TWO: c");

        Free(2);

        Assert.Equal("GET /waiting?q=1 HTTP/1.1\r\nHost: a\r\nX-One: a  b\r\nx-TWO: c\r\n\r\n", (await origin.RequestAsync(2)).Head);
        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task What_rules_have_changed_of_the_request_stays_changed()
    {
        var origin = HoldingOrigin();
        await StartWaitingAsync(origin, """
            option forwardfor
            http-request set-method PUT
            http-request set-path /changed
            http-request set-header X-One new
            http-request del-header X-Two
            """, "", "X-One: old", "X-Two: old");

        Free(2);

        var request = await origin.RequestAsync(2);
        Assert.Equal("PUT /changed?q=1 HTTP/1.1", request.StartLine);
        Assert.Equal(("new", null, "127.0.0.1"), (request["X-One"], request["X-Two"], request["X-Forwarded-For"]));
    }

    [Fact]
    public async Task What_rules_keep_of_the_request_is_there_for_its_response()
    {
        var origin = HoldingOrigin();
        var waiting = await StartWaitingAsync(origin, """
            http-request set-var(txn.path) path
            http-response set-header X-Path %[var(txn.path)]
            """, "");

        Free(2);

        Assert.Equal("/waiting", (await waiting.ReadResponseAsync())["X-Path"]);
    }

    [Fact]
    public async Task Line_in_the_log_tells_of_the_whole_exchange()
    {
        var origin = HoldingOrigin();
        await StartWaitingAsync(origin, """
            capture request header X-One len 10
            http-request set-path /changed
            log-format "%ID %HM %HU %hr %b/%s %Tw %bq %ST"
            unique-id-format %rt
            unique-id-header X-Id
            """, "", "X-One: kept");

        Time.Advance(TimeSpan.FromSeconds(2));
        Free(2);

        var id = (await origin.RequestAsync(2))["X-Id"];
        var line = await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access" && e.Message.Contains("/waiting", StringComparison.Ordinal));
        Assert.Equal($"{id} GET /waiting?q=1 {{kept}} web/s1 2000 1 200", line.Message);
    }

    [Fact]
    public async Task Client_is_told_the_server_that_it_will_be_sent_to_again()
    {
        var origin = HoldingOrigin();
        var waiting = await StartWaitingAsync(origin, "", "cookie S insert");

        Free(2);

        Assert.Equal("S=one; path=/", (await waiting.ReadResponseAsync())["Set-Cookie"]);
    }

    [Fact]
    public async Task Rules_of_a_reload_are_not_asked_about_a_request_that_waits()
    {
        var origin = HoldingOrigin();
        var waiting = await StartWaitingAsync(origin, "http-response set-header X-Config first", "");

        await ReloadAsync(proxy => proxy.AddHAProxyConfig(Read(Config("http-response set-header X-Config second", ""), origin)));
        Free(2);

        Assert.Equal("first", (await waiting.ReadResponseAsync())["X-Config"]);
    }

    [Fact]
    public async Task Connection_carries_another_request_behind_one_that_waited()
    {
        var origin = HoldingOrigin();
        var waiting = await StartWaitingAsync(origin, "", "");
        Free(3);
        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);

        Assert.Equal(200, (await GetAsync(waiting, "/next")).Status);

        Assert.Equal("/next", (await origin.RequestAsync(3)).Target);
    }

    [Fact]
    public async Task Request_that_was_sent_ahead_is_read_when_the_one_that_waited_is_answered()
    {
        var origin = HoldingOrigin();
        var waiting = await StartWaitingAsync(origin, "", "");
        await waiting.SendAsync("GET /ahead HTTP/1.1", "Host: a", "", "");

        Free(3);

        Assert.Equal((200, 200), ((await waiting.ReadResponseAsync()).Status, (await waiting.ReadResponseAsync()).Status));
        Assert.Equal("/ahead", (await origin.RequestAsync(3)).Target);
    }

    [Theory]
    [InlineData("Content-Length: 3", "abc")]
    [InlineData("Transfer-Encoding: chunked", "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")]
    public async Task Body_that_came_with_its_request_is_sent_behind_the_wait_and_once_more_where_that_is_asked_for(string framing, string body)
    {
        var origin = Origin(async exchange =>
        {
            await FreedAsync();
            await (exchange.Request.Target == "/waiting" && exchange.RequestNumber + exchange.ConnectionNumber == 3
                ? exchange.AnswerAsync("HTTP/1.1 503 X", "Content-Length: 0", "", "")
                : exchange.AnswerOkAsync());
        });
        await StartAsync(Config("", "retry-on 503"), origin);
        await BeginAsync();
        await origin.RequestAsync();
        var waiting = await ConnectAsync();
        await waiting.SendAsync("POST /waiting HTTP/1.1", "Host: a", framing, "", body);
        await QueuedAsync(1);

        Free(3);

        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
        Assert.Equal(["abc", "abc"], [(await origin.RequestAsync(2)).Text, (await origin.RequestAsync(3)).Text]);
    }

    [Fact]
    public async Task Circuit_is_told_how_the_request_went_that_it_has_let_pass()
    {
        var origin = Origin(async exchange =>
        {
            await FreedAsync();
            await exchange.AnswerAsync("HTTP/1.1 500 X", "Content-Length: 0", "", "");
        });
        await StartAsync(origin, backend: static b => b
            .QueueTimeout(TimeSpan.FromMinutes(1))
            .CircuitBreaker(static c => c.PerBackend().MinimumThroughput(2))
            .Configure(static o => o.Servers[0].MaxConnections = 1));
        await BeginAsync();
        await origin.RequestAsync();
        var waiting = await QueueAsync(1);

        Free(2);

        Assert.Equal(500, (await waiting.ReadResponseAsync()).Status);
        await LoggedAsync(2);
        Assert.Equal(CircuitState.Open, Assert.Single(Proxy.GetCircuitBreakers("web")).State);
    }

    [Fact]
    public async Task Row_of_the_policy_that_was_about_the_request_is_known_behind_the_wait()
    {
        var origin = HoldingOrigin();
        await StartAsync(
            origin,
            static f => f
                .AuthenticateApiKey(Keys(), unless: Match.Path("/"))
                .Authorize(ScopePolicy.Parse("GET /waiting -> read"))
                .Configure(static o => o.LogFormat = "%[policy_row] %ST"),
            static b => b.QueueTimeout(TimeSpan.FromMinutes(1)).Configure(static o => o.Servers[0].MaxConnections = 1));
        await BeginAsync();
        await origin.RequestAsync();
        var waiting = await QueueAsync(1, "/waiting", "X-Api-Key: the-key");

        Free(2);

        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
        await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access" && e.Message.Equals("GET /waiting 200", StringComparison.Ordinal));
    }

    private static ApiKeySet Keys()
    {
        var keys = Path.GetTempFileName();
        File.WriteAllText(keys, $"{ApiKeySet.HashOf("the-key")} acme {{\"scope\":\"read\"}}\n");
        var set = ApiKeySet.Load(keys);
        File.Delete(keys);
        return set;
    }

    private static string Config(string frontend, string backend) => $$"""
        frontend f
            bind 127.0.0.1:8080
            {{frontend.ReplaceLineEndings("\n    ")}}
            default_backend web
        backend web
            {{backend}}
            server s1 {s1} cookie one maxconn 1
        """;

    /// <summary>One request at the server, and one that waits.</summary>
    private async Task<WireClient> StartWaitingAsync(WireOrigin origin, string frontend, string backend, params string[] fields)
    {
        await StartAsync(Config(frontend, backend), origin);
        await BeginAsync();
        await origin.RequestAsync();
        return await QueueAsync(1, "/waiting?q=1", fields);
    }
}
