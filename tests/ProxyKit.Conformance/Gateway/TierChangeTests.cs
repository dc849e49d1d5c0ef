using ProxyKit.Tiers;

namespace ProxyKit.Conformance.Gateway;

/// <summary>What is changed while a gateway runs: limits, tiers, clients' own, and the configuration; and tiers that a user's code tells.</summary>
public abstract class TierChangeTests(Carrier carrier) : TierTest(carrier)
{
    [Fact]
    public async Task Limit_that_is_changed_counts_at_once_and_over_a_reload()
    {
        var compose = ComposeTiers(OkOrigin());
        await StartAsync(compose);
        await AskManyAsync(10, "acme", "bronze");
        var tiers = Proxy.GetTiers("plans");

        tiers.SetLimit("bronze", "minute", 12);
        Assert.Equal([200, 200, 429], await AskManyAsync(3, "acme", "bronze"));
        await ReloadAsync(compose);
        Assert.Equal(429, (await AskAsync("acme", "bronze")).Status);
        tiers.SetLimit("bronze", "minute", 13);
        Assert.Equal([200, 429], await AskManyAsync(2, "acme", "bronze"));
        tiers.SetLimit("bronze", "minute", null);

        Assert.Equal(429, (await AskAsync("acme", "bronze")).Status);
        Assert.Equal(13, tiers.GetUsage("acme", "bronze")[0].Used);
        Assert.Same(tiers, Proxy.GetTiers("plans"));
    }

    [Fact]
    public async Task Client_can_have_a_tier_and_limits_of_its_own()
    {
        var compose = ComposeTiers(OkOrigin());
        await StartAsync(compose);
        var tiers = Proxy.GetTiers("plans");
        tiers.SetOverride("acme", new ClientOverride { Tier = "gold", Limits = new Dictionary<string, long> { ["minute"] = 15 } });

        Assert.Equal(15, (await AskManyAsync(16, "acme", "none at all")).Count(static s => s == 200));
        Assert.Equal(10, (await AskManyAsync(11, "other", "bronze")).Count(static s => s == 200));
        Time.Advance(TimeSpan.FromDays(40));
        await ReloadAsync(compose);
        Assert.Equal(15, (await AskManyAsync(16, "acme", "bronze")).Count(static s => s == 200));
        Assert.Throws<ArgumentException>(() => tiers.SetOverride("acme", new ClientOverride { Tier = "goldfish" }));
        tiers.SetOverride("acme", null);

        Assert.Equal(429, (await AskAsync("acme", "bronze")).Status); // fifteen of ten
        Assert.Equal(403, (await AskAsync("acme", "none at all")).Status);
    }

    [Fact]
    public async Task Reload_with_other_limits_keeps_what_was_counted()
    {
        var origin = OkOrigin();
        await StartAsync(ComposeTiers(origin));
        await AskManyAsync(8, "acme", "bronze");

        await ReloadAsync(ComposeTiers(origin, static tiers => tiers.Configure(static o => o.Tiers[0].Limits[0].Limit = 9)));

        Assert.Equal([200, 429], await AskManyAsync(2, "acme", "bronze"));
    }

    [Fact]
    public async Task Reload_with_invalid_tiers_keeps_the_old_ones()
    {
        var origin = OkOrigin();
        await StartAsync(ComposeTiers(origin));
        await AskManyAsync(8, "acme", "bronze");

        await Assert.ThrowsAsync<ProxyKit.Runtime.ProxyConfigurationException>(() =>
            ReloadAsync(ComposeTiers(origin, static tiers => tiers.TierBy(Value.Parse("req.hdr(a),map(/nowhere/plans.map)")))));

        Assert.Equal([200, 200, 429], await AskManyAsync(3, "acme", "bronze"));
    }

    [Fact]
    public async Task Slot_that_was_taken_before_a_reload_is_given_back_behind_it()
    {
        var (origin, arrived, free) = SlowOrigin();
        await StartAsync(ComposeTiers(origin, static tiers => tiers.Concurrency()));
        var slow = AskAsync("a", "single", target: "/slow");
        await arrived;

        await ReloadAsync(ComposeTiers(origin, static tiers => tiers.AddTier("more", static t => t.TokenBucket(1, 1, TimeSpan.FromSeconds(1))).Concurrency()));
        Assert.Equal(429, (await AskAsync("a", "single")).Status);
        free.SetResult();
        Assert.Equal(200, (await slow).Status);

        Assert.Equal(200, (await AskAsync("a", "single")).Status);
    }

    [Fact]
    public async Task Source_tells_the_tier_once_for_its_time()
    {
        var source = new ScriptedSource(static query => new TierAssignment(query.Client == "acme" ? "gold" : "bronze"));
        await StartTiersAsync(tiers => tiers.TierFrom(source, TimeSpan.FromMinutes(5)));

        Assert.Equal(12, (await AskManyAsync(12, "acme", "x")).Count(static s => s == 200));
        Assert.Equal(10, (await AskManyAsync(12, "other", "x")).Count(static s => s == 200));
        Assert.Equal(["acme x", "other x"], source.Queries);
        Time.Advance(TimeSpan.FromMinutes(6));
        await AskAsync("acme", "x");

        Assert.Equal(["acme x", "other x", "acme x"], source.Queries);
    }

    [Fact]
    public async Task Source_that_fails_leaves_a_client_its_tier_and_a_new_one_waiting()
    {
        ExpectedFaults = 2;
        var fails = false;
        await StartTiersAsync(tiers => tiers.TierFrom(new ScriptedSource(_ => fails ? throw new IOException("down") : new TierAssignment("gold")), TimeSpan.FromMinutes(5)));
        await AskAsync("acme", "x");
        fails = true;
        Time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(200, (await AskAsync("acme", "x")).Status);
        var other = await AskAsync("other", "x");

        Assert.Equal((503, "1"), (other.Status, other["Retry-After"]));
    }

    [Fact]
    public async Task Client_that_was_given_a_tier_needs_no_source()
    {
        ExpectedFaults = 2;
        await StartTiersAsync(static tiers => tiers.TierFrom(new ScriptedSource(static _ => throw new IOException("down"))));
        Proxy.GetTiers("plans").SetOverride("acme", new ClientOverride { Tier = "gold" });
        Proxy.GetTiers("plans").SetOverride("other", new ClientOverride { Limits = new Dictionary<string, long> { ["minute"] = 5 } });

        Assert.Equal(200, (await AskAsync("acme", "x")).Status);
        Assert.Equal(503, (await AskAsync("other", "x")).Status);
    }

    [Fact]
    public async Task Reload_that_fails_leaves_what_the_source_has_said()
    {
        ExpectedFaults = 1;
        var (origin, asked) = (OkOrigin(), 0);
        var source = new ScriptedSource(_ => Interlocked.Increment(ref asked) > 1 ? throw new IOException("down") : new TierAssignment("gold"));
        var compose = ComposeTiers(origin, tiers => tiers.TierFrom(source, TimeSpan.FromMinutes(5)));
        await StartAsync(compose);
        await AskAsync("acme", "x");

        await Assert.ThrowsAsync<ProxyKit.Runtime.ProxyConfigurationException>(() =>
            ReloadAsync(ComposeTiers(origin, static tiers => tiers.ChargeBy(Value.Parse("res.hdr(a),map(/nowhere/plans.map)")))));
        await ReloadAsync(compose);
        Time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(200, (await AskAsync("acme", "x")).Status); // it fails, and what it said before counts
    }

    [Fact]
    public async Task Source_can_give_a_client_limits_of_its_own()
    {
        await StartTiersAsync(static tiers => tiers.TierFrom(new ScriptedSource(static _ =>
            new TierAssignment("bronze") { Limits = new Dictionary<string, long> { ["minute"] = 2 } })));

        Assert.Equal([200, 200, 429], await AskManyAsync(3, "acme", "x"));
    }

    [Fact]
    public async Task Client_that_the_source_does_not_know_is_refused()
    {
        await StartTiersAsync(static tiers => tiers.TierFrom(new ScriptedSource(static _ => null)));

        Assert.Equal(403, (await AskAsync("acme", "gold")).Status);
    }

    [Fact]
    public async Task Client_is_forgotten_when_told_so()
    {
        await StartTiersAsync();
        await AskManyAsync(11, "acme", "bronze");

        Assert.True(Proxy.GetTiers("plans").Reset("acme"));

        Assert.Equal(200, (await AskAsync("acme", "bronze")).Status);
    }

    [Fact]
    public async Task What_a_client_has_used_is_not_lost_without_a_word_where_there_is_no_room()
    {
        await StartTiersAsync(static tiers => tiers.MaxClients(1, refusesNew: true));
        await AskAsync("acme", "bronze");

        Assert.Throws<InvalidOperationException>(() => Proxy.GetTiers("plans").SetUsed("other", "bronze", "month", 5));
        Proxy.GetTiers("plans").SetUsed("acme", "bronze", "month", 5);

        Assert.Equal(5, Proxy.GetTiers("plans").GetUsage("acme", "bronze")[1].Used);
    }

    private sealed class ScriptedSource(Func<TierQuery, TierAssignment?> tell) : ITierSource
    {
        private readonly List<string> _queries = [];

        public string[] Queries
        {
            get
            {
                lock (_queries)
                {
                    return [.. _queries];
                }
            }
        }

        public async ValueTask<TierAssignment?> FindAsync(TierQuery query, CancellationToken cancellationToken)
        {
            await Task.Yield();
            lock (_queries)
            {
                _queries.Add($"{query.Client} {query.Claimed}");
            }

            return tell(query);
        }
    }

    public sealed class OverSockets() : TierChangeTests(Carrier.Sockets);

    public sealed class InMemory() : TierChangeTests(Carrier.Memory);
}
