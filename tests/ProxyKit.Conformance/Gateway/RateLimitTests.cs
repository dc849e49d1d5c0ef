using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Gateway;

/// <summary>Limits on how often clients may ask, where it takes time: GW1-08, GW1-12 and SEC-07. The others of them are compared with HAProxy's in
/// <c>HAProxy/Cases/GatewayCases</c>.</summary>
public sealed class RateLimitTests : ConfiguredTest
{
    private const string Front = """
        frontend f
            bind 127.0.0.1:8080
            default_backend web
            stick-table type ip size 100k expire 1m store http_req_rate(10s),http_err_rate(10s)
            http-request set-src req.hdr(x-src)
            http-request track-sc0 src
        """;

    private const string Back = """

        backend web
            server s1 {s1}
        """;

    [Fact]
    public async Task Limit_is_put_on_while_the_service_runs_on() // GW1-08
    {
        var origin = OkOrigin();
        await StartAsync(Front + Back, origin);
        Assert.Equal(200, (await AskAsync()).Status);
        Assert.Equal(200, (await AskAsync()).Status);

        await ReloadAsync(proxy => proxy.AddHAProxyConfig(
            Read(Front + "\n    http-request deny deny_status 429 if { sc_http_req_rate(0) gt 2 }\n" + Back, origin)));

        Assert.Equal(429, (await AskAsync()).Status);
        Assert.Equal(2, origin.Requests.Count);
    }

    [Fact]
    public async Task Client_that_goes_on_asking_stays_refused() // GW1-12
    {
        await StartAsync(Front + "\n    http-request deny deny_status 429 if { sc_http_req_rate(0) gt 10 }\n" + Back, OkOrigin());
        var passed = new List<bool>();
        for (var i = 0; i < 150; i++) // five times the limit, for three of its windows
        {
            passed.Add((await AskAsync()).Status == 200);
            Time.Advance(TimeSpan.FromSeconds(0.2));
        }

        Assert.Equal(10, passed.Count(static p => p));
        Assert.DoesNotContain(true, passed.Skip(10));
        Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(200, (await AskAsync()).Status);
    }

    [Fact]
    public async Task Client_that_opens_too_many_connections_is_turned_away_until_it_pauses() // SEC-07
    {
        var origin = OkOrigin();
        await StartAsync(
            """
            frontend f
                bind 127.0.0.1:8080
                stick-table type ip size 100k expire 1m store conn_rate(10s)
                tcp-request connection track-sc0 src
                tcp-request connection reject if { sc0_conn_rate gt 5 }
                default_backend web
            """ + Back,
            origin);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await AskAsync()).Status);
        }

        await Assert.ThrowsAnyAsync<IOException>(() => AskAsync());
        Assert.Equal(5, origin.Requests.Count);
        Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(200, (await AskAsync()).Status);
    }

    [Fact]
    public async Task Client_that_errs_is_refused_for_as_long_as_it_is_told_to_be() // SEC-07
    {
        const string Ban = """

                http-request deny if { src,table_gpc0(banned) gt 0 }
                http-request track-sc1 src table banned if { sc_http_err_rate(0) gt 10 }
                http-request sc-inc-gpc0(1) if { sc_http_err_rate(0) gt 10 }

            backend banned
                stick-table type ip size 100k expire 5m store gpc0
            """;
        await StartAsync(Front + Ban + Back, OriginAnswering("HTTP/1.1 404 Not Found", "Content-Length: 0", "", ""));
        for (var i = 0; i < 20; i++)
        {
            await AskAsync();
        }

        Assert.Equal(404, (await AskAsync("/", "X-Src: 192.0.2.7")).Status);
        for (var second = 0; second < 300; second += 60)
        {
            Assert.Equal(403, (await AskAsync()).Status);
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(404, (await AskAsync()).Status);
    }
}
