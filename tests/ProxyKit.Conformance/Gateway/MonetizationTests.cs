using System.Security.Cryptography;
using System.Text;
using ProxyKit.StickTables;

namespace ProxyKit.Conformance.Gateway;

/// <summary>Plans in HAProxy's own way, with tokens and stick tables, as the article has them: MON-01 to MON-10 and MON-12 to MON-15, by their ids. The
/// configuration is <c>samples/haproxy/monetization.cfg</c>. What tiers do otherwise is in <see cref="TierTests"/>.</summary>
public abstract class MonetizationTests(Carrier carrier) : ProxyTest(carrier)
{
    private const string Issuer = "http://localhost/auth/realms/weather-services";

    private readonly List<WireOrigin> _origins = [];
    private Action<ProxyBuilder>? _file; // that was started with

    /// <summary>MON-01 and MON-02: the token's scope is the plan, and another one counts at once.</summary>
    [Fact]
    public async Task Plan_of_the_token_is_the_limit()
    {
        await StartSampleAsync();

        Assert.Equal(11, await PassingAsync("bronze", 20));
        Assert.Equal(90, await PassingAsync("silver", 150)); // of 101, eleven being used already
        Assert.Equal(429, (await AskAsync(Token("silver"))).Status);
        Assert.Equal(900, await PassingAsync("gold", 1100)); // of 1,001
        Assert.Equal(429, (await AskAsync(Token("gold"))).Status);
    }

    /// <summary>MON-03: who wants a token needs none, and is not counted.</summary>
    [Fact]
    public async Task Requests_for_tokens_pass_without_one()
    {
        await StartSampleAsync();
        var client = await ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            await client.SendAsync("POST /auth/realms/weather-services/protocol/openid-connect/token HTTP/1.1", "Host: a", "Content-Length: 0", "", "");
            Assert.Equal("auth", (await client.ReadResponseAsync()).Text);
        }

        Assert.Equal(11, await PassingAsync("bronze", 20));
    }

    /// <summary>MON-04: what has no token, or one that does not hold, gets 403 and counts nowhere.</summary>
    [Fact]
    public async Task Request_without_a_good_token_is_refused_before_it_is_counted()
    {
        await StartSampleAsync();
        for (var i = 0; i < 25; i++)
        {
            Assert.Equal(403, (await AskAsync(null)).Status);
            Assert.Equal(403, (await AskAsync(Token("bronze") + "x")).Status);
            Assert.Equal(403, (await AskAsync(Token("bronze", algorithm: "none"))).Status);
            Assert.Equal(403, (await AskAsync(Token("bronze", issuer: Issuer + "/"))).Status);
        }

        Assert.Equal(11, await PassingAsync("bronze", 20));
        Assert.Equal(11, _origins[0].Requests.Count);
    }

    /// <summary>MON-05: the answer, to the byte, on a connection that goes on.</summary>
    [Fact]
    public async Task Refusal_is_that_of_haproxy()
    {
        await StartSampleAsync();
        var client = await ConnectAsync();
        for (var i = 0; i < 11; i++)
        {
            await AskAsync(client, Token("bronze"));
        }

        var refused = await AskAsync(client, Token("bronze"));

        Assert.Equal("HTTP/1.1 429 Too Many Requests", refused.StartLine);
        Assert.Equal(("no-cache", "text/html", null), (refused["cache-control"], refused["content-type"], refused["retry-after"]));
        Assert.Equal(
            "<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests in a given amount of time.\n</body></html>\n", refused.Text);
        Assert.Equal(200, (await AskAsync(client, Token("gold"))).Status);
    }

    /// <summary>MON-06 and MON-08: the count is the address's, whatever the token, and one more passes than the number says.</summary>
    [Fact]
    public async Task Tokens_from_one_address_share_a_count()
    {
        await StartSampleAsync();

        Assert.Equal(6, await PassingAsync("bronze", 6, client: "one"));
        Assert.Equal(5, await PassingAsync("bronze", 20, client: "two"));
    }

    /// <summary>MON-07: a client that goes on hammering is let in again a minute after the last request that passed.</summary>
    [Fact]
    public async Task Refused_requests_do_not_count()
    {
        await StartSampleAsync();
        await PassingAsync("bronze", 11);
        await LoggedAsync(11); // an entry's minute begins anew when the request is over

        for (var i = 0; i < 59; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(429, (await AskAsync(Token("bronze"))).Status);
        }

        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (await AskAsync(Token("bronze"))).Status);
    }

    /// <summary>MON-09: a steady client never lets the count expire; one that waits has it all again.</summary>
    [Fact]
    public async Task Count_disappears_a_minute_after_the_last_request()
    {
        await StartSampleAsync();
        for (var i = 0; i < 11; i++)
        {
            Assert.Equal(200, (await AskAsync(Token("bronze"))).Status);
            await LoggedAsync(i + 1); // an entry's minute begins anew when the request is over
            Time.Advance(TimeSpan.FromSeconds(50));
        }

        Assert.Equal(429, (await AskAsync(Token("bronze"))).Status);
        Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(11, await PassingAsync("bronze", 20));
    }

    /// <summary>MON-10: the plan stands in the access log, ten characters of it.</summary>
    [Theory]
    [InlineData("silver", "{silver}")]
    [InlineData("bronze-and-more", "{bronze-and}")]
    public async Task Plan_is_logged(string scope, string logged)
    {
        await StartSampleAsync();

        await AskAsync(Token(scope));

        var entry = await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access");
        Assert.Contains($" {logged} ", entry.Message, StringComparison.Ordinal);
    }

    /// <summary>MON-12: the table is looked at while it counts, and a key that is taken out has its next request pass.</summary>
    [Fact]
    public async Task Table_is_inspected_and_a_key_is_cleared()
    {
        await StartAsync(
            "stick-table type string len 16 size 100k expire 1m store http_req_cnt,http_req_rate(10s)",
            "http-request deny deny_status 429 if { url_param(key),table_http_req_cnt() gt 2 }",
            "http-request track-sc0 url_param(key)");
        Assert.Equal(3, await CountAsync(20, "/?key=acme"));
        Assert.Equal(1, await CountAsync(1, "/?key=other"));
        await LoggedAsync(5); // an entry is in use until its request is over
        Time.Advance(TimeSpan.FromSeconds(5));

        var entries = Proxy.GetStickTable("gateway").OrderBy(static e => e.Key).ToArray();
        Assert.Equal([("acme", 3), ("other", 1)], entries.Select(static e => (e.Key, e[StickDataType.Requests])));
        Assert.Equal((3, TimeSpan.FromSeconds(55), 0, null), (entries[0][StickDataType.RequestRate], entries[0].ExpiresIn, entries[0].Uses, entries[0].Server));
        Assert.Equal([null, TimeSpan.FromSeconds(10)], entries[0].Values.Select(static v => v.Period));

        Assert.True(Proxy.TryGetStickEntry("gateway", "acme", out var one));
        Assert.Equal((entries[0].Key, entries[0].ExpiresIn, 0, 3), (one.Key, one.ExpiresIn, one.Uses, one[StickDataType.Requests]));
        Assert.Equal(entries[0].Values, one.Values);
        Assert.False(Proxy.TryGetStickEntry("gateway", "nobody", out one));
        Assert.Null(one);
        Assert.Throws<FormatException>(() => Proxy.TryGetStickEntry("gateway", @"acme\", out _));
        Assert.Throws<FormatException>(() => Proxy.RemoveStickKey("gateway", @"acme\"));
        Assert.Throws<ArgumentException>(() => Proxy.TryGetStickEntry("gatewey", "acme", out _));

        Assert.True(Proxy.RemoveStickKey("gateway", "acme"));
        Assert.False(Proxy.RemoveStickKey("gateway", "acme"));
        Assert.Equal(1, await CountAsync(1, "/?key=acme"));
        await LoggedAsync(6);
        Assert.Equal([1, 1], Proxy.GetStickTable("gateway").Select(static e => e[StickDataType.Requests]));
        Assert.Equal(2, Proxy.ClearStickTable("gateway"));
        Assert.Empty(Proxy.GetStickTable("gateway"));
        Assert.Throws<ArgumentException>(() => Proxy.GetStickTable("gatewey"));
    }

    /// <summary>MON-13: a sliding rate, which decays as the period before goes out of sight.</summary>
    [Fact]
    public async Task Rate_slides()
    {
        await StartAsync(
            "stick-table type ip size 100k expire 30s store http_req_rate(10s)",
            "http-request track-sc0 src",
            "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 20 }");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await AskAsync(null)).Status);
        }

        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(429, (await AskAsync(null)).Status);
        Time.Advance(TimeSpan.FromSeconds(10));
        var half = 0;
        while ((await AskAsync(null)).Status == 200)
        {
            half++;
        }

        Assert.InRange(half, 7, 12);
    }

    /// <summary>MON-13: two periods later nothing is left of it.</summary>
    [Fact]
    public async Task Rate_is_gone_when_its_period_and_the_next_are_over()
    {
        await StartAsync(
            "stick-table type ip size 100k expire 30s store http_req_rate(10s)",
            "http-request track-sc0 src",
            "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 20 }");
        Assert.Equal(20, await CountAsync(30));

        Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(20, await CountAsync(30));
    }

    /// <summary>MON-16: what a plan allows stands in a map, and counts as soon as that is changed.</summary>
    [Fact]
    public async Task Map_of_plans_is_changed_while_the_gateway_runs()
    {
        var plans = Path.GetTempFileName();
        await File.WriteAllTextAsync(plans, "bronze 10\n", TestContext.Current.CancellationToken);
        await StartAsync(
            "stick-table type ip size 100k expire 5m store http_req_rate(1m)",
            $"http-request set-map({plans}) %[url_param(plan)] %[url_param(limit)] if {{ path /set }}",
            $"http-request del-map({plans}) %[url_param(plan)] if {{ path /del }}",
            "http-request return status 204 if { path /set /del }",
            "http-request track-sc0 src",
            $"http-request set-var(txn.limit) url_param(plan),map_str_int({plans},3)",
            "http-request deny deny_status 429 if { sc_http_req_rate(0),sub(txn.limit) gt 0 }");
        File.Delete(plans); // it was read when the proxy was put to use

        Assert.Equal(10, await CountAsync(30, "/?plan=bronze"));
        foreach (var (change, limit) in ((string, int)[])[("/set?plan=bronze&limit=20", 20), ("/set?plan=bronze&limit=5", 5), ("/del?plan=bronze", 3)])
        {
            Assert.Equal(204, (await AskAsync(null, change)).Status);
            Time.Advance(TimeSpan.FromMinutes(2));

            Assert.Equal(limit, await CountAsync(30, "/?plan=bronze"));
        }
    }

    /// <summary>MON-19, of one gateway: a reload keeps the counts.</summary>
    [Fact]
    public async Task Reload_keeps_what_was_counted()
    {
        await StartAsync(
            "stick-table type ip size 100k expire 1d store http_req_cnt",
            "http-request track-sc0 src",
            "http-request deny deny_status 429 if { sc_http_req_cnt(0) gt 3 }");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await AskAsync(null)).Status);
        }

        await ReloadAsync(_file!); // started

        Assert.Equal(429, (await AskAsync(null)).Status);
    }

    /// <summary>MON-14: a quota that a day without a request ends.</summary>
    [Fact]
    public async Task Quota_of_a_day_is_a_count_that_expires()
    {
        await StartAsync(
            "stick-table type ip size 100k expire 24h store http_req_cnt",
            "http-request track-sc0 src",
            "http-request deny deny_status 429 if { sc_http_req_cnt(0) gt 10 }");

        Assert.Equal(10, await CountAsync(20));
        Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, await CountAsync(1));
        await LoggedAsync(12); // an entry does not expire under a request
        Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(10, await CountAsync(20));
    }

    /// <summary>MON-15: a quota for each token of the query, and none without one.</summary>
    [Fact]
    public async Task Quota_goes_by_the_token_of_the_query()
    {
        await StartAsync(
            "stick-table type string size 100k expire 24h store http_req_rate(24h)",
            "acl has_token url_param(token) -m found",
            "acl exceeds url_param(token),table_http_req_rate() gt 10",
            "http-request track-sc0 url_param(token) unless exceeds",
            "http-request deny deny_status 429 if !has_token || exceeds");

        Assert.Equal(429, (await AskAsync(null)).Status);
        Assert.Equal(10, await CountAsync(20, "/?token=a")); // the eleventh is tracked, and then too many
        Assert.Equal(200, (await AskAsync(null, "/?token=b")).Status);
    }

    /// <summary>MON-18: bytes sent are counted too, for plans of volume.</summary>
    [Fact]
    public async Task Bytes_sent_can_be_limited()
    {
        var body = new string('x', 100_000);
        var origin = OriginAnswering("HTTP/1.1 200 OK", $"Content-Length: {body.Length}", "", body);
        await StartAsync(
            origin,
            "stick-table type ip size 100k expire 2m store bytes_out_rate(1m)",
            "http-request track-sc0 src",
            "http-request deny deny_status 429 if { sc_bytes_out_rate(0) gt 1048576 }");

        Assert.Equal(11, await CountAsync(20)); // the eleventh goes past a MiB
    }

    private static string Token(string scope, string algorithm = "HS256", string issuer = Issuer, string client = "acme-corp")
    {
        var head = Base64Url($"{{\"alg\":\"{algorithm}\",\"typ\":\"JWT\"}}");
        var payload = Base64Url($"{{\"iss\":\"{issuer}\",\"scope\":\"{scope}\",\"clientId\":\"{client}\"}}");
        var signature = HMACSHA256.HashData("a-secret-of-at-least-32-characters"u8, Encoding.ASCII.GetBytes($"{head}.{payload}"));
        return $"{head}.{payload}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
    }

    private static string Base64Url(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private async Task<int> PassingAsync(string scope, int most, string client = "acme-corp")
    {
        var connection = await ConnectAsync();
        var passed = 0;
        while (passed < most && (await AskAsync(connection, Token(scope, client: client))).Status == 200)
        {
            passed++;
        }

        return passed;
    }

    private async Task<int> CountAsync(int most, string target = "/")
    {
        var connection = await ConnectAsync();
        var passed = 0;
        while (passed < most && (await AskAsync(connection, null, target)).Status == 200)
        {
            passed++;
        }

        return passed;
    }

    private async Task<WireMessage> AskAsync(string? token, string target = "/api/weather-services/43213")
    {
        await using var client = await ConnectAsync();
        return await AskAsync(client, token, target);
    }

    private static async Task<WireMessage> AskAsync(WireClient client, string? token, string target = "/api/weather-services/43213")
    {
        string[] fields = token is null ? [] : [$"Authorization: Bearer {token}"];
        await client.SendAsync([$"GET {target} HTTP/1.1", "Host: a", .. fields, "", ""]);
        return await client.ReadResponseAsync();
    }

    private Task StartSampleAsync() => StartFileAsync(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", "monetization.cfg")),
        ("127.0.0.1:9001", Origin(static exchange => exchange.AnswerOkAsync("api"))),
        ("127.0.0.1:9002", Origin(static exchange => exchange.AnswerOkAsync("auth"))));

    private Task StartAsync(params string[] lines) => StartAsync(OkOrigin(), lines);

    private Task StartAsync(WireOrigin origin, params string[] lines) => StartFileAsync(
        $"""
        defaults
            mode http
            log stdout format raw local0
            option httplog
            timeout client 30s
            timeout connect 5s
            timeout server 30s
        frontend gateway
            bind :8080
            {string.Join("\n    ", lines)}
            default_backend api
        backend api
            server s1 127.0.0.1:9001

        """,
        ("127.0.0.1:9001", origin));

    private Task StartFileAsync(string text, params (string Address, WireOrigin Origin)[] origins) => StartAsync(_file = Read(text, origins));

    private Action<ProxyBuilder> Read(string text, (string Address, WireOrigin Origin)[] origins)
    {
        foreach (var (address, origin) in origins)
        {
            text = text.Replace(address, origin.Address, StringComparison.Ordinal);
            _origins.Add(origin);
        }

        var read = HAProxyConfiguration.Parse(text.Replace("bind :8080", "bind 127.0.0.1:0", StringComparison.Ordinal));
        Assert.True(read.IsValid, read.ToString());
        return proxy => proxy.Configure(o =>
        {
            foreach (var frontend in read.Options!.Frontends) // valid, so there are options
            {
                o.Frontends.Add(frontend);
            }

            foreach (var backend in read.Options.Backends)
            {
                o.Backends.Add(backend);
            }

            foreach (var table in read.Options.StickTables)
            {
                o.StickTables.Add(table);
            }
        });
    }

    public sealed class OverSockets() : MonetizationTests(Carrier.Sockets);

    public sealed class InMemory() : MonetizationTests(Carrier.Memory);
}
