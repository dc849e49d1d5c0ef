using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;
using ProxyKit.Transport;

namespace ProxyKit.Conformance.Checks;

/// <summary>What an agent beside a server makes of the server's work: HC-16 to HC-19, HC-21 and Q-29. Its words are compared with HAProxy in
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

    [Theory] // HC-16
    [InlineData("", 2)]
    [InlineData("agent-inter 5s", 5)]
    public async Task Agent_is_asked_once_in_each_interval(string interval, int seconds)
    {
        var agent = Agent();
        await StartAsync(Config.Replace("agent-inter 5s", interval, StringComparison.Ordinal), OkOrigin(), OkOrigin(), agent);

        await PassAsync(TimeSpan.FromSeconds((3 * seconds) - 0.1));
        Assert.Equal(3, agent.Connections); // the first one at once
        await PassAsync(TimeSpan.FromSeconds(0.2));
        Assert.Equal(4, agent.Connections);
    }

    [Theory] // HC-16
    [InlineData("50%\n", 50)]
    [InlineData("50%\r", 50)]
    [InlineData("50%\r\n", 50)]
    [InlineData("50%\n90%\n", 50)]
    [InlineData("50%", 100)]
    public async Task Line_of_an_agent_counts_once_it_has_an_end(string line, int weight)
    {
        await StartTwoAsync();

        _line = line;
        await PassAsync(Interval);

        Assert.Equal(weight, Server().Weight);
    }

    [Fact]
    public async Task Words_of_an_agent_say_who_is_served() // HC-17
    {
        await StartWebAsync(
            """
            cookie S insert indirect
            server s1 {s1} cookie one agent-check agent-port {p3} agent-inter 5s
            server s2 {s2} cookie two
            """, Named("s1"), Named("s2"), Agent());
        foreach (var (line, bound, newcomers, status) in new[]
        {
            ("drain\n", "s1", 0, "DRAIN (agent)"),
            ("maint\n", "s2", 0, "MAINT"),
            ("ready up\n", "s1", 2, "no check"),
            ("down\n", "s2", 0, "DOWN (agent)"),
            ("ready\n", "s2", 0, "DOWN (agent)"),
            ("up\n", "s1", 2, "no check"),
            ("stopped #at night\n", "s2", 0, "DOWN (agent)"),
            ("UP\tdrain,up\n", "s1", 0, "DRAIN (agent)"),
            ("fail,ready\n", "s2", 0, "DOWN (agent)"),
            ("up\n", "s1", 2, "no check"),
        })
        {
            _line = line;
            await PassAsync(Interval);

            Assert.Equal((line, bound, status), (line, (await AskAsync("/", "Cookie: S=one")).Text, Server().Status));
            Assert.Equal((line, newcomers), (line, await ShareAsync("s1", 4)));
        }
    }

    [Fact]
    public async Task Percentage_is_of_the_weight_in_the_configuration() // HC-18
    {
        await StartAsync(Config.Replace("{s1} weight 100", "{s1} weight 40", StringComparison.Ordinal), OkOrigin(), OkOrigin(), Agent());
        foreach (var (line, weight) in new[] { ("50%\n", 20), ("50% up\n", 20), ("weight:30\n", 30), ("weight:25%\n", 10), ("up\n", 10), ("100%\n", 40) })
        {
            _line = line;
            await PassAsync(Interval);

            Assert.Equal((line, weight), (line, Server().Weight));
        }
    }

    [Fact]
    public async Task What_an_agent_did_is_undone_by_the_agent_alone() // HC-19
    {
        var agent = Agent();
        await StartAsync(Config, OkOrigin(), OkOrigin(), agent);
        _line = "down 50%\n";
        await PassAsync(Interval);
        Assert.Equal(("DOWN (agent)", 50), (Server().Status, Server().Weight));

        Network.Connecting = (options, _) => new(options.EndPoint.Equals(agent.EndPoint) ? TransportError.Refused : TransportError.None);
        await PassAsync(3 * Interval);
        Assert.Equal(("DOWN (agent)", 50), (Server().Status, Server().Weight));
        Proxy.SetServerMode("web", "s1", ServerMode.Maintenance);
        Proxy.SetServerMode("web", "s1", ServerMode.Ready);
        Assert.Equal("DOWN (agent)", Server().Status);

        (Network.Connecting, _line) = (null, "up\n");
        await PassAsync(Interval);
        Assert.Equal(("no check", 50), (Server().Status, Server().Weight));
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

    [Fact]
    public async Task Agent_of_a_server_that_starts_in_maintenance_may_end_that()
    {
        var agent = Agent();
        await StartAsync(Config.Replace("agent-check", "disabled agent-check", StringComparison.Ordinal), OkOrigin(), OkOrigin(), agent);
        await PassAsync(Interval);
        Assert.Equal("MAINT", Server().Status);
        Assert.Equal(1, agent.Connections);

        _line = "ready\n";
        await PassAsync(Interval);

        Assert.Equal("no check", Server().Status);
    }

    [Fact]
    public async Task Checks_of_a_server_that_starts_in_maintenance_rest_where_its_agent_is_asked()
    {
        var (origin, agent) = (OkOrigin(), Agent());
        await StartAsync(Config.Replace("agent-check", "disabled check inter 5s agent-check", StringComparison.Ordinal), origin, OkOrigin(), agent);

        await PassAsync(2 * Interval);

        Assert.Equal((0, 2), (origin.Connections, agent.Connections));
    }

    private async Task StartTwoAsync()
    {
        await StartAsync(Config, Named("s1"), Named("s2"), Agent());
        await PassAsync(Interval);
    }

    private WireOrigin Named(string name) => Origin(exchange => exchange.AnswerOkAsync(name));

    private WireOrigin Agent() => RawOrigin(async wire => await wire.SendAsync(_line));
}
