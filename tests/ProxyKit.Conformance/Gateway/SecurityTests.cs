using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Gateway;

/// <summary>What a gateway looks for in requests, and what it writes down of them: SEC-11, SEC-12 and SEC-15.</summary>
public sealed class SecurityTests : ConfiguredTest
{
    private const string Inspecting = """
        frontend f
            bind 127.0.0.1:8080
            log-format "%ST rule=%[var(txn.rule)]"
            acl detects hdr(x-mode) detect
            http-request wait-for-body time 1s
            http-request set-var(txn.rule) str(942100) if { url,url_dec -m reg -i "union\s+select|'\s*or\s+1=1" }
            http-request set-var(txn.rule) str(942101) if { req.body,url_dec(1) -m reg -i "union\s+select|'\s*or\s+1=1" }
            http-request set-var(txn.rule) str(920000) if { req.body_size gt 8000 }
            http-request deny deny_status 413 if { var(txn.rule) -m str 920000 }
            http-request deny if { var(txn.rule) -m found } !detects
            default_backend web
        backend web
            server s1 {s1}
        """;

    [Theory]
    [InlineData("/?id=1", "", 200, "-")]
    [InlineData("/?id=1%20UNION%20SELECT%20password", "", 403, "942100")]
    [InlineData("/", "id='%20or%201=1", 403, "942101")]
    public async Task Rule_refuses_what_looks_like_an_attack_and_its_number_is_logged(string target, string body, int status, string rule) // SEC-11
    {
        var origin = OkOrigin();
        await StartAsync(Inspecting, origin);

        Assert.Equal(status, (await PostAsync(target, body)).Status);

        Assert.Equal($"{status} rule={rule}", await LineAsync());
        Assert.Equal(status == 200 ? 1 : 0, origin.Requests.Count);
    }

    [Fact]
    public async Task Rule_that_only_detects_lets_the_request_pass_and_logs_it() // SEC-11
    {
        var origin = OkOrigin();
        await StartAsync(Inspecting, origin);

        Assert.Equal(200, (await PostAsync("/", "id=1+union+select+1", "X-Mode: detect")).Status);

        Assert.Equal("200 rule=942101", await LineAsync());
        Assert.Single(origin.Requests);
    }

    [Fact]
    public async Task Body_too_long_to_look_at_is_refused_where_rules_say_so() // SEC-11
    {
        var origin = OkOrigin();
        await StartAsync(Inspecting, origin);

        Assert.Equal(413, (await PostAsync("/", new string('x', 9000))).Status);

        Assert.Equal("413 rule=920000", await LineAsync());
        Assert.Empty(origin.Requests);
    }

    /// <summary>SEC-12: code of one's own looks up who says that it is a crawler, and who says nothing of the kind is challenged.</summary>
    [Theory]
    [InlineData("Googlebot/2.1", "crawl-1.googlebot.com", "", 200)]
    [InlineData("Googlebot/2.1", "host.example", "", 403)]
    [InlineData("Googlebot/2.1", "host.example", "human=yes", 403)]
    [InlineData("Mozilla/5.0", "host.example", "", 429)]
    [InlineData("Mozilla/5.0", "host.example", "human=no", 429)]
    [InlineData("Mozilla/5.0", "host.example", "human=yes", 200)]
    public async Task Crawlers_are_verified_and_others_challenged(string agent, string nameOfAddress, string cookie, int status)
    {
        ArgumentNullException.ThrowIfNull(nameOfAddress);
        var origin = OkOrigin();
        var saysCrawler = Match.HeaderContains("User-Agent", "googlebot", ignoreCase: true);
        await StartAsync(origin, f => f.OnRequest(rules => rules
            .Answer("verify crawler", VerifyAsync, refuses: true, when: saysCrawler)
            .Return(Reply.Text("<script>document.cookie = 'human=yes'</script>", "text/html", 429), !saysCrawler & !Match.Cookie("human", "yes"))));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", $"User-Agent: {agent}", $"Cookie: {cookie}", "", "");

        Assert.Equal(status, (await client.ReadResponseAsync()).Status);
        Assert.Equal(status == 200 ? 1 : 0, origin.Requests.Count);

        async ValueTask<Reply?> VerifyAsync(ProxyKit.Http.HttpExchange exchange, CancellationToken cancellationToken)
        {
            await Task.Yield(); // as a lookup of the address's name would wait
            return nameOfAddress.EndsWith(".googlebot.com", StringComparison.Ordinal) ? null : Reply.Empty(403);
        }
    }

    [Fact]
    public async Task Secrets_do_not_appear_in_the_log() // SEC-15
    {
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                cookie SERVERID insert
                server s1 {s1} cookie one
            """, OriginAnswering("HTTP/1.1 200 OK", "Set-Cookie: session=secret4; HttpOnly", "Content-Length: 0", "", ""));

        await AskAsync("/", "Authorization: Bearer secret1", "Cookie: session=secret2; SERVERID=one", "Proxy-Authorization: Basic secret3");
        await AskAsync("/bad path", "Authorization: Bearer secret1"); // refused, and told of

        Assert.Contains(Log.Entries, static e => e.Category == "ProxyKit.Access");
        Assert.DoesNotContain(Log.Entries, static e => e.Message.Contains("secret", StringComparison.Ordinal));
    }

    private async Task<WireMessage> PostAsync(string target, string body, params string[] fields)
    {
        var client = await ConnectAsync();
        await client.SendAsync([$"POST {target} HTTP/1.1", "Host: a", $"Content-Length: {body.Length}", .. fields, "", body]);
        return await client.ReadResponseAsync();
    }

    private async Task<string> LineAsync() => (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message;
}
