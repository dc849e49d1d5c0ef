using ProxyKit.CircuitBreakers;

namespace ProxyKit.Conformance.Failures;

/// <summary>What circuits that somebody has opened by hand do, and for how long.</summary>
public sealed class IsolatedCircuitTests() : ProxyTest(Carrier.Memory)
{
    [Fact]
    public async Task Backends_that_fall_back_to_each_other_answer_where_all_are_open()
    {
        await StartAsync(proxy => Compose([OkOrigin()], backend: b => b.CircuitBreaker(c => c.PerBackend().FallBackTo("spare")))(
            proxy.AddBackend("spare", b => b.CircuitBreaker(static c => c.PerBackend().FallBackTo("web")).AddServer("s", "127.0.0.1:1"))));
        CircuitOf("web").Isolate();
        Proxy.GetCircuitBreakers("spare")[0].Isolate();

        var response = await GetAsync();

        Assert.Equal((503, "application/json", "1"), (response.Status, response["Content-Type"], response["Retry-After"]));
    }

    [Fact]
    public async Task Backend_that_is_disabled_is_no_fallback()
    {
        var spare = OkOrigin();
        await StartAsync(proxy => Compose([OkOrigin()], backend: b => b.CircuitBreaker(c => c.PerBackend().FallBackTo("spare")))(
            proxy.AddBackend("spare", b => b.Configure(static o => o.IsDisabled = true).AddServer("s", spare.Address))));
        CircuitOf("web").Isolate();

        Assert.Equal((503, "application/json"), await GetAsync() is var r ? (r.Status, r["Content-Type"]) : default);
        Assert.Empty(spare.Requests);
    }

    [Fact]
    public async Task Action_that_lets_a_request_go_on_is_followed_by_the_usual_answer()
    {
        await StartAsync(OkOrigin(), backend: b => b.CircuitBreaker(c => c.WhenOpen(RuleActions.Answer("perhaps", static e => e.Request.Path == "/own" ? Reply.Text("own", "text/plain", 429) : null))));
        CircuitOf("web/s1").Isolate();

        Assert.Equal(429, (await GetAsync("/own")).Status);
        Assert.Equal((503, "application/json"), await GetAsync() is var r ? (r.Status, r["Content-Type"]) : default);
    }

    [Fact]
    public async Task Action_that_lets_a_request_pass_is_followed_by_the_usual_answer()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: b => b.CircuitBreaker(static c => c.PerBackend().WhenOpen(RuleActions.Allow)));
        CircuitOf("web").Isolate();

        var response = await GetAsync();

        Assert.Equal((503, "application/json", "1"), (response.Status, response["Content-Type"], response["Retry-After"]));
        Assert.Empty(origin.Requests);
    }

    [Theory]
    [InlineData("web/s1")]
    [InlineData("web")]
    public async Task Circuit_that_was_opened_by_hand_stays_so_whatever_a_reload_changes(string name)
    {
        var origin = OkOrigin();
        await StartAsync(Watched(2));
        CircuitOf(name).Isolate();

        await ReloadAsync(Watched(3));
        Assert.Equal((503, CircuitState.Isolated), ((await GetAsync()).Status, CircuitOf(name).State));
        Assert.Empty(origin.Requests);
        CircuitOf(name).Close();
        Assert.Equal(200, (await GetAsync()).Status);

        Action<ProxyBuilder> Watched(int throughput) => Compose([origin], backend: b => b.CircuitBreaker(c => Of(c).MinimumThroughput(throughput)));
        CircuitBreakerBuilder Of(CircuitBreakerBuilder circuit) => name == "web" ? circuit.PerBackend() : circuit.PerServer();
    }

    private CircuitBreaker CircuitOf(string name) => Proxy.GetCircuitBreakers("web").Single(c => c.Name == name);
}
