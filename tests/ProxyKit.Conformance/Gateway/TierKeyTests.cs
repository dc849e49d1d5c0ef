using ProxyKit.Tiers;

namespace ProxyKit.Conformance.Gateway;

/// <summary>Whose budget a request is taken from, by what a tier is told, and several windows of one tier: MON-20, MON-22 and MON-23, where
/// <see cref="TierTests"/> leaves off.</summary>
public abstract class TierKeyTests(Carrier carrier) : TierTest(carrier)
{
    private const string One = "X-Src: 192.0.2.1", Two = "X-Src: 192.0.2.2";

    /// <summary>MON-20, SEC-03: a client has one budget, whatever address it comes from.</summary>
    [Fact]
    public async Task Client_of_two_addresses_has_one_budget()
    {
        await StartTiersAsync(frontend: static f => f.OnRequest(static rules => rules.SetSource(Value.Parse("req.hdr(x-src)"))));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await AskAsync("acme", "bronze", i % 2 == 0 ? One : Two)).Status);
        }

        Assert.Equal(429, (await AskAsync("acme", "bronze", One)).Status);
        Assert.Equal(429, (await AskAsync("acme", "bronze", Two)).Status);
        Assert.Equal(200, (await AskAsync("other", "bronze", One)).Status);
    }

    /// <summary>MON-20: by address, by key, or by both, as the tiers say.</summary>
    [Theory]
    [InlineData("src", true, false, false)]
    [InlineData("req.hdr(x-client)", false, true, false)]
    [InlineData("url_param(key)", false, false, true)]
    public async Task Budget_goes_by_what_is_counted_by(string by, bool isOtherAddress, bool isOtherClient, bool isOtherKey)
    {
        await StartTiersAsync(
            tiers => tiers.Configure(o =>
            {
                o.CountBy.Clear();
                o.CountBy.Add(Value.Parse(by));
            }),
            static f => f.OnRequest(static rules => rules.SetSource(Value.Parse("req.hdr(x-src)"))));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await AskAsync("acme", "bronze", One, "/?key=a")).Status);
        }

        Assert.Equal(429, (await AskAsync("acme", "bronze", One, "/?key=a")).Status);
        Assert.Equal(isOtherAddress ? 200 : 429, (await AskAsync("acme", "bronze", Two, "/?key=a")).Status);
        Assert.Equal(isOtherClient ? 200 : 429, (await AskAsync("other", "bronze", One, "/?key=a")).Status);
        Assert.Equal(isOtherKey ? 200 : 429, (await AskAsync("acme", "bronze", One, "/?key=b")).Status);
    }

    /// <summary>MON-22: any claim tells the tier, be it a text, a number or an array.</summary>
    [Theory]
    [InlineData("\"seven\"", 200)]
    [InlineData("\"read seven write\"", 200)]
    [InlineData("\"seventy\"", 403)]
    [InlineData("7", 200)]
    [InlineData("77", 403)]
    [InlineData("[\"other\",\"seven\"]", 200)]
    [InlineData("[6,7]", 200)]
    [InlineData("[\"seventy\",70]", 403)]
    [InlineData("null", 403)]
    public async Task Claim_of_any_kind_tells_the_tier(string plan, int status)
    {
        var keys = Path.GetTempFileName();
        await File.WriteAllTextAsync(keys, $"{ApiKeySet.HashOf("the-key")} acme {{\"plan\":{plan}}}\n", TestContext.Current.CancellationToken);
        var origin = OkOrigin();
        await StartAsync(Compose([origin], f => f.AuthenticateApiKey(ApiKeySet.Load(keys)).UseTiers("plans")) + (static p => p.AddTiers("plans", static t => t
            .CountBy(Value.Claim("sub")).TierBy(Value.Claim("plan"))
            .AddTier("seven", static s => s.Limit(1, TimeSpan.FromMinutes(1))).AddTier("7", static s => s.Limit(1, TimeSpan.FromMinutes(1))))));
        File.Delete(keys);

        Assert.Equal(status, await AskWithKeyAsync());
        Assert.Equal(status == 200 ? 429 : status, await AskWithKeyAsync());
    }

    /// <summary>MON-23: a second, a minute, a day and a month at once; each refusal names its window, and what one refuses is used of none.</summary>
    [Fact]
    public async Task Each_of_four_windows_refuses_by_its_name()
    {
        await StartTiersAsync(static tiers => tiers.AddTier("all", static t => t
            .Limit(2, TimeSpan.FromSeconds(1)).Limit(3, TimeSpan.FromMinutes(1)).Quota(4, QuotaPeriod.Day).Quota(5, QuotaPeriod.Month)));

        await ExpectAsync(2, "second", TimeSpan.FromSeconds(1));
        await ExpectAsync(1, "minute", TimeSpan.FromMinutes(1));
        await ExpectAsync(1, "day", TimeSpan.FromDays(1));
        await ExpectAsync(1, "month", TimeSpan.FromDays(31));
        Assert.Equal(200, (await AskAsync("acme", "all")).Status);

        async Task ExpectAsync(int admitted, string window, TimeSpan pause)
        {
            for (var i = 0; i < admitted; i++)
            {
                Assert.Equal(200, (await AskAsync("acme", "all")).Status);
            }

            var refused = await AskAsync("acme", "all");
            Assert.Equal((429, window), (refused.Status, WindowOf(refused)));
            Time.Advance(pause);
        }
    }

    public sealed class OverSockets() : TierKeyTests(Carrier.Sockets);

    public sealed class InMemory() : TierKeyTests(Carrier.Memory);

    private async Task<int> AskWithKeyAsync()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Api-Key: the-key", "", "");
        return (await client.ReadResponseAsync()).Status;
    }
}
