using ProxyKit.Checks;

namespace ProxyKit.Tests.Checks;

public sealed class AgentWordsTests
{
    [Theory]
    [InlineData("up", true)]
    [InlineData("UP", true)]
    [InlineData("down", false)]
    [InlineData("stopped", false)]
    [InlineData("fail", false)]
    [InlineData("ready", null)]
    [InlineData("down,up", true)]
    [InlineData("50% # up", null)]
    public void Last_word_about_health_counts(string line, bool? isUp) => Assert.Equal(isUp, AgentWords.Parse(line).IsUp);

    [Theory]
    [InlineData("ready", ServerMode.Ready)]
    [InlineData("drain\tup", ServerMode.Drain)]
    [InlineData("drain maint", ServerMode.Maintenance)]
    [InlineData("up", null)]
    public void Last_word_about_the_mode_counts(string line, ServerMode? mode) => Assert.Equal(mode, AgentWords.Parse(line).Admin);

    [Fact]
    public void Description_is_shown_with_what_it_explains() =>
        Assert.Equal("via agent : stopped (disk full)", AgentWords.Parse("stopped # disk full").Info);

    [Fact]
    public void Unknown_word_is_reported() => Assert.Equal("agent reports an error : hello", AgentWords.Parse("hello").Fault);

    [Theory]
    [InlineData("50%", 50, 0)]
    [InlineData("weight:75%", 75, 0)]
    [InlineData("weight:30", 30, 0)]
    [InlineData("0%", 0, 0)]
    [InlineData("300%", 256, 0)]
    [InlineData("up 50% maxconn:30 #ok", 50, 30)]
    [InlineData("weight:257", 100, 0)]
    [InlineData("weight:x%", 100, 0)]
    public async Task Work_is_relative_to_the_configured_weight(string line, int weight, int limit)
    {
        await using var proxy = Compose(100);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        var state = proxy.GetServers("b")[0].State;

        AgentWords.Parse(line).ApplyWork(state);

        Assert.Equal((weight, limit), (state.Weight, state.Limit));
    }

    [Theory]
    [InlineData("50%", 100, "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.")]
    [InlineData("0%", 0, null)]
    public async Task Static_algorithm_takes_all_or_nothing(string line, int weight, string? fault)
    {
        await using var proxy = Compose(100, static b => b.Balance(Balance.StaticRoundRobin));
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        var state = proxy.GetServers("b")[0].State;

        Assert.Equal(fault, AgentWords.Parse(line).ApplyWork(state));

        Assert.Equal(weight, state.Weight);
    }

    [Fact]
    public async Task Whole_weight_is_the_one_of_the_configuration_in_use()
    {
        await using var proxy = Compose(100);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        var state = proxy.GetServers("b")[0].State;
        AgentWords.Parse("50%").ApplyWork(state);
        AgentWords.Parse("100%").ApplyWork(state);

        await proxy.ReloadAsync(Composed(60), TestContext.Current.CancellationToken);

        Assert.Equal(60, state.Weight);
    }

    [Fact]
    public async Task Weight_is_set_by_hand_as_agents_set_it()
    {
        await using var proxy = Compose(100);
        await proxy.StartAsync(TestContext.Current.CancellationToken);

        proxy.SetServerWeight("b", "s", "25%");

        Assert.Equal(25, proxy.GetServers("b")[0].Weight);
        Assert.Equal("weight", Assert.Throws<ArgumentException>(() => proxy.SetServerWeight("b", "s", "257")).ParamName);
    }

    private static Proxy Compose(int weight, Action<BackendBuilder>? backend = null) => Proxy.Create(Composed(weight, backend));

    private static Action<ProxyBuilder> Composed(int weight, Action<BackendBuilder>? backend = null) => p => p
        .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
        .AddBackend("b", b =>
        {
            b.AddServer("s", "127.0.0.1:1", s => s.Weight(weight));
            backend?.Invoke(b);
        });
}
