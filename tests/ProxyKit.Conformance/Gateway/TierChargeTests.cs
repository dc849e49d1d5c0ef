using ProxyKit.Rules;
using ProxyKit.Tiers;

namespace ProxyKit.Conformance.Gateway;

/// <summary>What requests cost, before and after they are served, and that nothing of a client's is held longer than its requests.</summary>
public abstract class TierChargeTests(Carrier carrier) : TierTest(carrier)
{
    [Fact]
    public async Task Cost_goes_by_the_first_rule_that_holds()
    {
        await StartTiersAsync(static tiers => tiers
            .Cost(5, Match.Path("/heavy"))
            .Cost(Value.Parse("req.hdr(x-weight)"), Match.Path("/weighed"))
            .Cost(static exchange => exchange.Request.Path.Length, Match.Path("/code")));

        await AskAsync("a", "gold", target: "/heavy");
        Assert.Equal(5, Used("a"));
        await AskAsync("b", "gold", "X-Weight: 7", "/weighed");
        Assert.Equal(7, Used("b"));
        await AskAsync("c", "gold", target: "/code");
        Assert.Equal(5, Used("c"));
        await AskAsync("d", "gold", target: "/other");
        Assert.Equal(1, Used("d"));
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("0", 0)]
    [InlineData("2000", 2000)]
    [InlineData("-5", 0)]
    public async Task Response_says_what_its_request_has_cost(string cost, long used)
    {
        await StartTiersAsync(
            static tiers => tiers.Cost(5).ChargeBy(Value.Parse("res.hdr(x-cost)")), answer: ["HTTP/1.1 200 OK", $"X-Cost: {cost}", "Content-Length: 2", "", "ok"]);

        await AskAsync("a", "gold");

        Assert.Equal(used, Used("a"));
    }

    [Fact]
    public async Task Response_that_says_nothing_leaves_the_cost_as_it_is()
    {
        await StartTiersAsync(static tiers => tiers.Cost(5).ChargeBy(Value.Parse("res.hdr(x-cost)")));

        await AskAsync("a", "gold");

        Assert.Equal(5, Used("a"));
    }

    /// <param name="surplus">What the server sends behind its response, which is nobody's.</param>
    [Theory]
    [InlineData("")]
    [InlineData("!")]
    public async Task Bytes_are_charged_at_the_end(string surplus)
    {
        await StartTiersAsync(static tiers => tiers.ChargeByBytes(10), answer: ["HTTP/1.1 200 OK", "Content-Length: 95", "", new string('x', 95) + surplus]);

        await AskAsync("a", "gold");

        Assert.Equal(14, Used("a")); // a head of 39 bytes and a body of 95
    }

    [Fact]
    public async Task Code_that_says_the_cost_sees_how_the_exchange_went()
    {
        TierUsage? seen = null;
        await StartTiersAsync(tiers => tiers.Cost(2).ChargeAtEnd(usage =>
        {
            seen = usage;
            return 9;
        }));

        await AskAsync("a", "gold");

        Assert.Equal(9, Used("a"));
        Assert.Equal(("a", "gold", 2, 200), (seen?.Client, seen?.Tier, seen?.Reserved, seen?.Status));
    }

    [Fact]
    public async Task Code_that_throws_leaves_the_cost_as_it_is()
    {
        ExpectedFaults = 1;
        await StartTiersAsync(static tiers => tiers.Cost(2).Concurrency().ChargeAtEnd(static _ => throw new InvalidOperationException("no idea")));

        Assert.Equal(200, (await AskAsync("a", "gold")).Status);

        Assert.Equal(2, Used("a"));
    }

    [Fact]
    public async Task Slot_is_given_back_when_the_response_is_over()
    {
        await StartTiersAsync(static tiers => tiers.Concurrency());

        Assert.Equal([200, 200, 200], await AskManyAsync(3, "a", "single"));
    }

    [Fact]
    public async Task Request_under_way_keeps_others_of_its_client_out()
    {
        var (origin, arrived, free) = SlowOrigin();
        await StartAsync(ComposeTiers(origin, static tiers => tiers.Concurrency()));
        var slow = AskAsync("a", "single", target: "/slow");
        await arrived;

        Assert.Equal("concurrency", WindowOf(await AskAsync("a", "single")));
        Assert.Equal(200, (await AskAsync("b", "single")).Status);
        free.SetResult();
        Assert.Equal(200, (await slow).Status);
        Assert.Equal(0, Used("a", "single", "concurrency"));
        Assert.Equal(200, (await AskAsync("a", "single")).Status);
    }

    [Fact]
    public async Task Slot_is_given_back_when_the_client_leaves()
    {
        var arrived = new TaskCompletionSource();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            arrived.SetResult();
            await wire.ReadToEndAsync();
        });
        await StartAsync(ComposeTiers(origin, static tiers => tiers.Concurrency()));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Client: a", "X-Scope: single", "", "");
        await arrived.Task.InTimeAsync();
        Assert.Equal(1, Used("a", "single", "concurrency"));

        await client.DisposeAsync();

        await LoggedAsync();
        Assert.Equal(0, Used("a", "single", "concurrency"));
    }

    [Fact]
    public async Task Slot_is_given_back_when_no_server_answers()
    {
        var origin = OkOrigin();
        await StartAsync(ComposeTiers(origin, static tiers => tiers.Concurrency()));
        origin.StopListening();

        var response = await AdvanceUntilAsync(AskAsync("a", "single"));

        Assert.Equal((503, "\"concurrency\";q=1;qu=\"concurrent-requests\""), (response.Status, response["RateLimit-Policy"]));
        Assert.Equal(0, Used("a", "single", "concurrency"));
    }

    private long Used(string client, string tier = "gold", string window = "minute") =>
        Proxy.GetTiers("plans").GetUsage(client, tier).First(l => l.Name == window).Used;

    public sealed class OverSockets() : TierChargeTests(Carrier.Sockets);

    public sealed class InMemory() : TierChargeTests(Carrier.Memory);
}

/// <summary>The tier that these tests have besides.</summary>
internal static class SingleTier
{
    /// <summary>A tier of one request at a time.</summary>
    public static TiersBuilder Concurrency(this TiersBuilder tiers) => tiers.AddTier("single", static t => t.Concurrency(1));
}
