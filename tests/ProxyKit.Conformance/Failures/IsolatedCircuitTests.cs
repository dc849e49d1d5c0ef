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

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task Circuit_that_leaves_hands_nothing_to_its_neighbour(int isolated, bool stays)
    {
        var origin = OkOrigin();
        await StartAsync(Compose([origin], backend: static b => b
            .CircuitBreaker(static c => c.PerBackend().MinimumThroughput(2))
            .CircuitBreaker(static c => c.PerBackend().MinimumThroughput(3))));
        Proxy.GetCircuitBreakers("web")[isolated].Isolate();

        await ReloadAsync(Compose([origin], backend: static b => b.CircuitBreaker(static c => c.PerBackend().MinimumThroughput(3))));

        Assert.Equal(
            (stays ? CircuitState.Isolated : CircuitState.Closed, stays ? 503 : 200), (CircuitOf("web").State, (await GetAsync()).Status));
    }

    [Fact]
    public async Task Server_that_was_left_alone_by_hand_stays_so_when_a_circuit_before_its_own_leaves()
    {
        var origin = OkOrigin();
        await StartAsync(Compose([origin], backend: static b => b.CircuitBreaker(static c => c.PerBackend()).CircuitBreaker(static c => c.PerServer())));
        CircuitOf("web/s1").Isolate();

        await ReloadAsync(Compose([origin], backend: static b => b.CircuitBreaker(static c => c.PerServer())));

        Assert.Equal((CircuitState.Isolated, 503), (CircuitOf("web/s1").State, (await GetAsync()).Status));
        Assert.Empty(origin.Requests);
    }

    [Fact]
    public async Task Key_that_was_opened_by_hand_stays_so_whatever_a_reload_changes_but_what_tells_keys_apart()
    {
        var origin = OkOrigin();
        await StartAsync(Watched("path", 2));
        await GetAsync("/a");
        await GetAsync("/b");
        CircuitOf("web[/a]").Isolate();

        await ReloadAsync(Watched("path", 3));
        Assert.Equal((503, 200), ((await GetAsync("/a")).Status, (await GetAsync("/b")).Status));

        await ReloadAsync(Watched("url", 3));
        Assert.Equal(200, (await GetAsync("/a")).Status);

        Action<ProxyBuilder> Watched(string key, int throughput) =>
            Compose([origin], backend: b => b.CircuitBreaker(c => c.PerKey(Value.Parse(key)).MinimumThroughput(throughput)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_decided_by_hand_while_a_reload_is_prepared_holds_behind_it(bool isIsolated)
    {
        var origin = OkOrigin();
        await StartAsync(Watched(2));
        if (!isIsolated)
        {
            CircuitOf("web").Isolate();
        }

        await ReloadAsync(Watched(3, Decide));

        Assert.Equal(
            (isIsolated ? CircuitState.Isolated : CircuitState.Closed, isIsolated ? 503 : 200), (CircuitOf("web").State, (await GetAsync()).Status));

        // Strategies are composed once the circuits are made.
        Action<ProxyBuilder> Watched(int throughput, Action? meanwhile = null) => Compose(
            [origin], backend: b => b.CircuitBreaker(c => c.PerBackend().MinimumThroughput(throughput)).Resilience(_ => meanwhile?.Invoke()));

        void Decide()
        {
            if (isIsolated)
            {
                CircuitOf("web").Isolate();
            }
            else
            {
                CircuitOf("web").Close();
            }
        }
    }

    private CircuitBreaker CircuitOf(string name) => Proxy.GetCircuitBreakers("web").Single(c => c.Name == name);
}
