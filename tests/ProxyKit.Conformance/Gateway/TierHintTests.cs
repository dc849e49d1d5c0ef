using ProxyKit.Balancing;
using ProxyKit.Checks;
using ProxyKit.Conformance.Queueing;

namespace ProxyKit.Conformance.Gateway;

/// <summary>What a tier means for the way of its clients' requests, where no rule has said otherwise: their place in a queue, how long they wait, and which
/// servers they go to.</summary>
public abstract class TierHintTests(Carrier carrier) : QueueTest(carrier)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(10); // the clock may go far before others have their turn

    [Fact]
    public async Task Request_of_a_tier_with_priority_is_served_before_those_that_came_earlier()
    {
        var origin = HoldingOrigin();
        await StartTieredAsync([origin], static t => t.AddTier("gold", static g => g.QueuePriority(-10)).AddTier("bronze"));

        await AssertServedAsync(origin, [("/bronze", "bronze"), ("/gold", "gold")], "/gold", "/bronze");
    }

    [Fact]
    public async Task Priority_that_a_rule_has_set_goes_before_the_tiers()
    {
        var origin = HoldingOrigin();
        await StartTieredAsync(
            [origin],
            static t => t.AddTier("gold", static g => g.QueuePriority(-10)).AddTier("bronze"),
            static f => f.OnRequest(static rules => rules.SetPriorityClass(10, when: Match.Path("/background"))));

        await AssertServedAsync(origin, [("/background", "gold"), ("/bronze", "bronze")], "/bronze", "/background");
    }

    [Fact]
    public async Task Request_waits_as_long_as_its_tier_says_and_others_as_long_as_the_backend_does()
    {
        var origin = HoldingOrigin();
        await StartTieredAsync([origin], static t => t.AddTier("bronze", static b => b.QueueTimeout(TimeSpan.FromSeconds(1))).AddTier("gold"));
        await BeginAsync("/held", "X-Tier: gold");
        await origin.RequestAsync();
        var bronze = await QueueAsync(1, "/bronze", "X-Tier: bronze");
        var gold = await QueueAsync(2, "/gold", "X-Tier: gold");

        Assert.Equal(503, (await AdvanceUntilAsync(bronze.ReadResponseAsync())).Status);

        var line = await LoggedAsync();
        Assert.Equal("sQ", line.End);
        Assert.InRange(line.Queue, 1000, (int)Long.TotalMilliseconds - 1);
        Assert.Equal(1, Proxy.GetQueuedRequests("web"));
        Free(2);
        Assert.Equal(200, (await gold.ReadResponseAsync()).Status);
        Assert.DoesNotContain(origin.Requests, static r => r.Target == "/bronze");
    }

    [Fact]
    public async Task Server_has_as_long_as_the_tier_says()
    {
        var origin = HoldingOrigin();
        await StartTieredAsync([origin], static t => t.AddTier("bronze", static b => b.ServerTimeout(TimeSpan.FromSeconds(2))).AddTier("gold"), slots: 2);
        var gold = await BeginAsync("/gold", "X-Tier: gold");
        await origin.RequestAsync();
        var bronze = await BeginAsync("/bronze", "X-Tier: bronze");
        await origin.RequestAsync(2);

        Assert.Equal(504, (await AdvanceUntilAsync(bronze.ReadResponseAsync())).Status);

        Assert.Equal("sH", (await LoggedAsync()).End);
        Free(2);
        Assert.Equal(200, (await gold.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Hint_of_a_limiter_of_the_users_own_tier_counts_too()
    {
        var origin = HoldingOrigin();
        await StartTieredAsync([origin], static t => t
            .AddTier("gold", static g => g.QueuePriority(-10).Limiter(static _ => new System.Threading.RateLimiting.ConcurrencyLimiter(new() { PermitLimit = 9 })))
            .AddTier("bronze"));

        await AssertServedAsync(origin, [("/bronze", "bronze"), ("/gold", "gold")], "/gold", "/bronze");
    }

    [Fact]
    public async Task Requests_of_a_tier_go_to_the_servers_it_prefers_and_the_least_loaded_of_them()
    {
        WireOrigin[] origins = [HoldingOrigin("1"), HoldingOrigin("2"), HoldingOrigin("3")];
        await StartTieredAsync(origins, static t => t.AddTier("gold", static g => g.PreferServers("s2", "s3")).AddTier("bronze"), slots: 10);
        for (var i = 0; i < 4; i++)
        {
            await BeginAsync("/", "X-Tier: gold");
            await UntilAsync(() => origins.Sum(static o => o.Requests.Count) == i + 1); // it is on its server when the next one chooses
        }

        Assert.Equal([0, 2, 2], origins.Select(static o => o.Requests.Count));
        Free(4);
    }

    [Fact]
    public async Task Requests_go_elsewhere_while_the_preferred_servers_are_full_or_away()
    {
        WireOrigin[] origins = [HoldingOrigin("1"), HoldingOrigin("2")];
        await StartTieredAsync(origins, static t => t.AddTier("gold", static g => g.PreferServers("s2")));
        await BeginAsync("/first", "X-Tier: gold");
        await origins[1].RequestAsync();

        await BeginAsync("/second", "X-Tier: gold");

        Assert.Equal("/second", (await origins[0].RequestAsync()).Target);
        Free(2);
        await LoggedAsync(2);
        Proxy.SetServerMode("web", "s2", ServerMode.Maintenance);
        Free();
        Assert.Equal(200, (await (await BeginAsync("/third", "X-Tier: gold")).ReadResponseAsync()).Status);
        Assert.Equal("/third", (await origins[0].RequestAsync(2)).Target);
    }

    /// <summary>Two of three have failed: the third goes before a server that the tier does not prefer, and before the first of them.</summary>
    [Fact]
    public async Task Retry_goes_to_the_preferred_server_that_the_request_has_not_been_to()
    {
        WireOrigin[] bad = [OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", ""), OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", "")];
        var (good, other) = (OkOrigin(), OkOrigin());
        await StartTieredAsync(
            [.. bad, good, other],
            static t => t.AddTier("gold", static g => g.PreferServers("s1", "s2", "s3")),
            slots: 10,
            backend: static b => b.Retries(3).RetryOn(Backends.RetryCauses.None, 503));

        for (var i = 0; i < 4; i++) // wherever the strategy would go next
        {
            Assert.Equal(200, (await (await BeginAsync("/", "X-Tier: gold")).ReadResponseAsync()).Status);
        }

        Assert.Equal((4, 4, 4, 0), (bad[0].Requests.Count, bad[1].Requests.Count, good.Requests.Count, other.Requests.Count));
    }

    [Fact]
    public async Task Route_and_server_can_be_chosen_by_the_tier()
    {
        var (gold, shared, other) = (OkOrigin(), OkOrigin(), OkOrigin());
        await StartTieredAsync(
            [shared, other],
            static t => t.AddTier("gold").AddTier("silver").AddTier("bronze"),
            static f => f.Route(Match.That(Value.Parse("tier"), "gold"), to: "fast"),
            slots: 10,
            backend: static b => b.UseServer("s2", when: Match.That(Value.Parse("tier"), "silver")),
            more: p => p.AddBackend("fast", b => b.AddServer("f1", gold.Address)));

        foreach (var tier in (string[])["gold", "silver", "silver"])
        {
            Assert.Equal(200, (await (await BeginAsync($"/{tier}", $"X-Tier: {tier}")).ReadResponseAsync()).Status);
        }

        Assert.Equal((1, 0, 2), (gold.Requests.Count, shared.Requests.Count, other.Requests.Count));
    }

    [Fact]
    public async Task Strategy_of_the_users_own_knows_the_tier()
    {
        var (first, second) = (OkOrigin(), OkOrigin());
        await StartTieredAsync([first, second], static t => t.AddTier("gold").AddTier("bronze"), slots: 10, backend: static b => b.Balance(new GoldToTheLast()));

        foreach (var tier in (string[])["bronze", "gold", "gold"])
        {
            Assert.Equal(200, (await (await BeginAsync("/", $"X-Tier: {tier}")).ReadResponseAsync()).Status);
        }

        Assert.Equal((1, 2), (first.Requests.Count, second.Requests.Count));
    }

    /// <summary>Has requests wait, one after the other, behind one that has the only place, and looks in which order they are served.</summary>
    private async Task AssertServedAsync(WireOrigin origin, (string Target, string Tier)[] waiting, params string[] targets)
    {
        await BeginAsync("/held", "X-Tier: bronze");
        await origin.RequestAsync();
        foreach (var (index, (target, tier)) in waiting.Index())
        {
            await QueueAsync(index + 1, target, $"X-Tier: {tier}");
        }

        Free(1 + waiting.Length);

        await origin.RequestAsync(1 + waiting.Length);
        Assert.Equal(["/held", .. targets], origin.Requests.Select(static r => r.Target));
    }

    private Task StartTieredAsync(
        WireOrigin[] origins,
        Action<TiersBuilder> tiers,
        Action<FrontendBuilder>? frontend = null,
        int slots = 1,
        Action<BackendBuilder>? backend = null,
        Action<ProxyBuilder>? more = null) => StartAsync(Compose(
            origins,
            f =>
            {
                f.UseTiers("plans");
                frontend?.Invoke(f);
            },
            b =>
            {
                b.QueueTimeout(Long).ServerTimeout(Long).Configure(o => o.Servers.ToList().ForEach(s => s.MaxConnections = slots));
                backend?.Invoke(b);
            })
            + (p => p.AddTiers("plans", t => tiers(t.CountBy(Value.Parse("req.hdr(x-tier)")).TierBy(Value.Parse("req.hdr(x-tier)")))))
            + more);

    private sealed class GoldToTheLast : IBalancingStrategy
    {
        public Backends.Server? Pick(in BalancingContext context) => context.Candidates[context.Exchange?.Tier == "gold" ? ^1 : 0];
    }

    public sealed class OverSockets() : TierHintTests(Carrier.Sockets);

    public sealed class InMemory() : TierHintTests(Carrier.Memory);
}
