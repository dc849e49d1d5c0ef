using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Checks;

/// <summary>What an agent beside a server makes of the server's work: HC-16, HC-18, HC-21 and Q-29. Its words are compared with HAProxy in
/// <c>HAProxy/Health/HealthCases</c>.</summary>
public sealed class AgentTests : ConfiguredTest
{
    private const string Config = """
        frontend f
            bind 127.0.0.1:8080
            default_backend web
        backend web
            server s1 {s1} weight 100 agent-check agent-port {p3} agent-inter 5s
            server s2 {s2} weight 100
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private volatile string _line = "100%\n";

    [Fact]
    public async Task Agent_that_says_half_has_its_server_get_half_of_what_it_had() // HC-16
    {
        await StartTwoAsync();
        Assert.Equal(30, await ShareAsync("s1", 60));

        _line = "50%\n";
        await PassAsync(Interval);

        Assert.InRange(await ShareAsync("s1", 60), 19, 21); // 50 to 100, where it was 100 to 100
    }

    [Fact]
    public async Task Agent_that_says_zero_drains_its_server() // HC-18
    {
        await StartTwoAsync();
        _line = "0%\r\n";
        await PassAsync(Interval);

        Assert.Equal("DRAIN", Server().Status);
        Assert.Equal(0, await ShareAsync("s1", 20));
    }

    [Fact]
    public async Task Weight_follows_the_agent_within_an_interval() // HC-21
    {
        await StartTwoAsync();
        foreach (var (line, weight) in new[] { ("50%\n", 50), ("100%\n", 100), ("50%\n", 50) })
        {
            _line = line;
            await PassAsync(Interval);

            Assert.Equal(weight, Server().Weight);
        }
    }

    [Fact]
    public async Task Agent_sets_how_much_its_server_does_at_once()
    {
        await StartAsync(Config.Replace("server s2 {s2} weight 100", "", StringComparison.Ordinal), HoldingOrigin(), OkOrigin(), Agent());
        _line = "maxconn:2\n";
        await PassAsync(Interval);
        var asking = Enumerable.Range(0, 5).Select(_ => GetAsync()).ToArray();
        await QueuedAsync(3);

        Assert.Equal(2, Server().ActiveRequests);
        _line = "maxconn:4\n";
        await PassAsync(Interval);

        Assert.Equal((4, 1), (Server().ActiveRequests, Proxy.GetQueuedRequests("web")));
        Free(5);
        Assert.All(await Task.WhenAll(asking), static r => Assert.Equal(200, r.Status));
    }

    private async Task StartTwoAsync()
    {
        await StartAsync(Config, Origin(static e => e.AnswerOkAsync("s1")), Origin(static e => e.AnswerOkAsync("s2")), Agent());
        await PassAsync(Interval);
    }

    private WireOrigin Agent() => RawOrigin(async wire => await wire.SendAsync(_line));
}
