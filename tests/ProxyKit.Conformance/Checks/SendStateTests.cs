using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Checks;

/// <summary>What servers are told of their own state: as HAProxy 2.6 tells them.</summary>
public sealed class SendStateTests : ConfiguredTest
{
    private const string Config = """
        frontend f
            bind 127.0.0.1:8080
            default_backend web
        backend web
            option httpchk GET /up
            http-check send-state
            use-server s1 if { path /1 }
            server s1 {s1} check weight 4 maxconn 1 slowstart 20s
            server s2 {s2} check weight 2
        """;

    [Fact]
    public async Task Work_of_a_server_is_its_own_and_that_of_the_backend_what_all_have_or_wait_for()
    {
        var (s1, s2) = await StartAsync();
        await BeginAsync("/1");
        await UntilAsync(() => Server().ActiveRequests == 1);
        await BeginAsync("/1");
        await BeginAsync("/1");
        await UntilAsync(() => Server().QueuedRequests == 2);

        await PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal("UP; name=web/s1; weight=4/6; scur=1/3; qcur=2", LastOf(s1));
        Assert.Equal("UP; name=web/s2; weight=2/6; scur=0/3; qcur=0", LastOf(s2));
    }

    [Fact]
    public async Task Warm_up_is_told_with_the_weight_that_it_leaves()
    {
        var (s1, s2) = await StartAsync();
        Proxy.SetServerMode("web", "s1", ServerMode.Maintenance);
        Proxy.SetServerMode("web", "s2", ServerMode.Drain);
        Proxy.SetServerMode("web", "s1", ServerMode.Ready);

        await PassAsync(TimeSpan.FromSeconds(0.5));
        Assert.Equal("UP 1/3; name=web/s1; weight=1/1; scur=0/0; qcur=0; throttle=1%", LastOf(s1));
        await PassAsync(TimeSpan.FromSeconds(7));

        Assert.Equal("UP; name=web/s1; weight=2/2; scur=0/0; qcur=0; throttle=30%", LastOf(s1));
        Assert.Equal("UP; name=web/s2; weight=2/2; scur=0/0; qcur=0", LastOf(s2)); // which drains
    }

    [Theory]
    [InlineData("global\n    node edge-a.example\n", "edge-a.example")]
    [InlineData("", null)]
    public async Task The_proxy_is_called_what_global_says_or_as_its_machine(string global, string? node)
    {
        var (s1, _) = await StartAsync(global + Config);

        Assert.Contains($"; node={node ?? System.Net.Dns.GetHostName()}; weight=", s1.Requests.Last(static r => r.Target == "/up")["x-haproxy-server-state"], StringComparison.Ordinal);
    }

    /// <summary>Starts the two, and has each be checked.</summary>
    private async Task<(WireOrigin One, WireOrigin Other)> StartAsync(string config = Config)
    {
        var (one, other) = (HoldingFor("/1"), HoldingFor("/1"));
        await StartAsync(config, one, other);
        await PassAsync(TimeSpan.FromSeconds(2));
        return (one, other);
    }

    private WireOrigin HoldingFor(string target) => Origin(async exchange =>
    {
        if (exchange.Request.Target == target)
        {
            await FreedAsync();
        }

        await exchange.AnswerOkAsync("ok");
    });

    /// <summary>What a server was told last, but for where it is and by whom.</summary>
    private static string LastOf(WireOrigin origin) => string.Join("; ", origin.Requests
        .Last(static r => r.Target == "/up")["x-haproxy-server-state"]!.Split("; ") // sent with each
        .Where(static part => part.Split('=')[0] is not ("address" or "port" or "node")));
}
