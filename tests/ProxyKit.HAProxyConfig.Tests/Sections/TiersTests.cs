using ProxyKit.Tiers;

namespace ProxyKit.HAProxyConfig.Tests.Sections;

/// <summary>Tiers in words of ProxyKit's own.</summary>
public sealed class TiersTests
{
    private const string Frontend = "frontend f\nmode http\ntimeout client 1s\nbind :80\n";

    [Fact]
    public void Section_becomes_options()
    {
        var options = Tiers(
            """
            count-by req.hdr(x-client)
            count-by src
            count-rest-together
            tier-by req.hdr(x-scope)
            default-tier bronze
            quota-folder /var/lib/quotas
            max-clients 5000
            hide-limits
            cost 20 if { path_beg /report }
            cost req.body_size unless { method GET }
            charge-by res.hdr(x-cost)
            tier bronze
            tier gold queue-priority -10 queue-timeout 2s server-timeout 500ms prefer-servers s1,s2
            """);

        Assert.Equal(("plans", "bronze", "/var/lib/quotas", 5000), (options.Name, options.DefaultTier, options.QuotaFolder, options.MaxClients));
        Assert.Equal((MissingKey.CountTogether, false), (options.MissingKey, options.TellsLimits));
        Assert.Equal((2, 1), (options.CountBy.Count, options.TierBy.Count));
        Assert.Equal([(20L, false, true), (1L, true, true)], options.Costs.Select(static c => (c.Units, c.By is not null, c.When is not null)));
        Assert.NotNull(options.ChargeBy);
        var gold = options.Tiers[1];
        Assert.Equal((-10, TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500)), (gold.QueuePriority, gold.QueueTimeout!.Value, gold.ServerTimeout!.Value));
        Assert.Equal(["s1", "s2"], gold.PreferredServers);
    }

    [Fact]
    public void Limits_are_those_of_the_tier_that_they_name()
    {
        var options = Tiers(
            """
            count-by src
            tier bronze
            tier gold
            default-tier gold
            limit bronze 10 per 1m requests
            limit gold 100 per 1s name burst soft 80
            sliding-limit gold 1000 per 60s segments 12
            token-bucket gold 50 refill 5 per 1s
            quota gold 100000 per month anchor 2026-01-15 zone Europe/Berlin length 3
            concurrency gold 20
            """);

        var bronze = Assert.Single(options.Tiers[0].Limits);
        Assert.Equal((TierLimitKind.Fixed, 10L, TimeSpan.FromMinutes(1), true), (bronze.Kind, bronze.Limit!.Value, bronze.Window, bronze.CountsRequests));
        Assert.Equal(
            [(TierLimitKind.Fixed, 100L), (TierLimitKind.Sliding, 1000L), (TierLimitKind.Bucket, 50L), (TierLimitKind.Quota, 100_000L), (TierLimitKind.Concurrency, 20L)],
            options.Tiers[1].Limits.Select(static l => (l.Kind, l.Limit!.Value)));
        Assert.Equal(("burst", 80L), (options.Tiers[1].Limits[0].Name, options.Tiers[1].Limits[0].SoftLimit!.Value));
        Assert.Equal((12, TimeSpan.FromMinutes(1)), (options.Tiers[1].Limits[1].Segments, options.Tiers[1].Limits[1].Window));
        Assert.Equal((5L, TimeSpan.FromSeconds(1)), (options.Tiers[1].Limits[2].Refill, options.Tiers[1].Limits[2].Window));
        var quota = options.Tiers[1].Limits[3];
        Assert.Equal((QuotaPeriod.Month, 3, new DateOnly(2026, 1, 15), "Europe/Berlin"), (quota.Period, quota.PeriodLength, quota.Anchor!.Value, quota.TimeZone.Id));
    }

    [Theory]
    [InlineData("use-tiers plans", false)]
    [InlineData("use-tiers plans unless { path_beg /auth/ }", true)]
    [InlineData("acl is_api path_beg /api\nuse-tiers plans if is_api", true)]
    public void Frontend_uses_them(string lines, bool hasCondition)
    {
        var result = Reading.Of($"tiers plans\ncount-by src\ntier a\ndefault-tier a\n{Frontend}{lines}\nusage-uri /usage\n");

        Assert.True(result.IsValid, result.ToString());
        var frontend = Assert.Single(result.Options.Frontends);
        Assert.Equal(("plans", "/usage", hasCondition), (frontend.Tiers, frontend.UsagePath, frontend.TiersUnless is not null));
    }

    [Theory]
    [InlineData("use-tiers plans", 429, 429)]
    [InlineData("use-tiers plans if { path /a }", 429, 200)]
    [InlineData("use-tiers plans unless { path /a }", 200, 429)]
    [InlineData("acl is_a path /a\nuse-tiers plans if is_a", 429, 200)]
    public async Task Condition_says_whose_requests_are_limited(string line, int ofA, int ofB)
    {
        await using var proxy = Proxy.Create(p => p.AddHAProxyConfig(Reading.Of(
            $"tiers plans\ncount-by path\ntier a\ndefault-tier a\nlimit a 1 per 1h\nfrontend f\nmode http\ntimeout client 1m\nbind 127.0.0.1:0\n{line}\n"
            + "http-after-response set-status 200 if { status 503 }\n")));
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{proxy.EndPoints[0]}") };

        Assert.Equal((200, 200), (await StatusAsync("/a"), await StatusAsync("/b"))); // one each is within the limit
        Assert.Equal((ofA, ofB), (await StatusAsync("/a"), await StatusAsync("/b")));

        async Task<int> StatusAsync(string path)
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }
    }

    [Theory]
    [InlineData("limit gold 10 per 1s", "parsing [a.cfg:5] : 'limit' : there is no tier 'gold' above it.")]
    [InlineData("limit a ten per 1s", "parsing [a.cfg:5] : 'limit' expects a number of units (got 'ten').")]
    [InlineData("limit a 10 in 1s", "parsing [a.cfg:5] : 'limit' expects 'per' (got 'in').")]
    [InlineData("limit a 10 per 1s nme x", "parsing [a.cfg:5] : 'limit' : unknown parameter 'nme'; did you mean 'name' maybe ?")]
    [InlineData("limit a 10 per 1s name", "parsing [a.cfg:5] : 'limit' : 'name' expects a value.")]
    [InlineData("limit a 10 per 1s anchor 2026-01-01", "parsing [a.cfg:5] : 'limit' : 'anchor' is for 'quota' alone.")]
    [InlineData("quota a 10 per year", "parsing [a.cfg:5] : 'quota' only supports 'day', 'week', 'month' (got 'year')")]
    [InlineData("quota a 10 per day zone Nowhere", "parsing [a.cfg:5] : 'quota' : there is no time zone 'Nowhere'.")]
    [InlineData("quota a 10 per day anchor soon", "parsing [a.cfg:5] : 'quota' : 'anchor' expects a day, as in 2026-01-15 (got 'soon').")]
    [InlineData("tier a", "parsing [a.cfg:5] : 'tier' : there is one of the name 'a' already.")]
    [InlineData("tier b queue-prioriti 5", "parsing [a.cfg:5] : 'tier' : unknown parameter 'queue-prioriti'; did you mean 'queue-priority' maybe ?")]
    [InlineData("tier b queue-timeout", "parsing [a.cfg:5] : 'tier' : 'queue-timeout' expects a value.")]
    [InlineData("cost 5 when { path / }", "parsing [a.cfg:5] : 'cost' expects either 'if' or 'unless' followed by a condition but found 'when'.")]
    [InlineData("count-by nothing", "parsing [a.cfg:5] : 'count-by' : ")]
    [InlineData("stick-table type ip size 1", "parsing [a.cfg:5] : unknown keyword 'stick-table' in 'tiers' section")]
    [InlineData("default-tier b", "parsing [a.cfg:5] : 'default-tier' : there is one already, at a.cfg:3.")]
    [InlineData("max-clients 5\nmax-clients 6", "parsing [a.cfg:6] : 'max-clients' : there is one already, at a.cfg:5.")]
    [InlineData("quota-folder /a\nquota-folder /b", "parsing [a.cfg:6] : 'quota-folder' : there is one already, at a.cfg:5.")]
    [InlineData("charge-by res.hdr(a)\ncharge-by res.hdr(b)", "parsing [a.cfg:6] : 'charge-by' : there is one already, at a.cfg:5.")]
    [InlineData("limit a 10 per 1s soft 5 soft 9", "parsing [a.cfg:5] : 'limit' : 'soft' is there twice.")]
    [InlineData("limit a 10 per 1s requests name x requests", "parsing [a.cfg:5] : 'limit' : 'requests' is there twice.")]
    [InlineData("tier b queue-timeout 1s queue-timeout 2s", "parsing [a.cfg:5] : 'tier' : 'queue-timeout' is there twice.")]
    public void Fault_is_told(string line, string message) =>
        Assert.StartsWith(message, Reading.Alert($"tiers plans\ncount-by src\ndefault-tier a\ntier a\n{line}\n{Frontend}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("use-tiers plan", "parsing [a.cfg:9] : frontend 'f': unable to find the tiers section 'plan'; did you mean 'plans' maybe ?")]
    [InlineData("usage-uri /a\nusage-uri /b", "parsing [a.cfg:10] : 'usage-uri' : there is one already, at a.cfg:9.")]
    [InlineData("use-tiers plans\nuse-tiers plans", "parsing [a.cfg:10] : 'use-tiers' : frontend 'f' has tiers already, 'plans' at ")]
    public void Use_that_is_wrong_is_told(string lines, string message) =>
        Assert.StartsWith(message, Reading.Alert($"tiers plans\ncount-by src\ndefault-tier a\ntier a\n{Frontend}{lines}\n"), StringComparison.Ordinal);

    [Fact]
    public void Each_section_says_it_once_by_itself() => Assert.Empty(
        Reading.Of("tiers a\ncount-by src\ndefault-tier x\ntier x\nlimit x 1 per 1s soft 1\nlimit x 9 per 1m soft 1\n"
            + "tiers b\ncount-by src\ndefault-tier x\ntier x\nfrontend f\nmode http\ntimeout client 1s\nbind :80\nuse-tiers a\nusage-uri /u\n"
            + "frontend g\nmode http\ntimeout client 1s\nbind :81\nuse-tiers b\nusage-uri /u\n").Alerts());

    [Fact]
    public void Fault_of_a_tier_is_told_with_its_line()
    {
        var result = Reading.Of($"tiers plans\ncount-by src\ndefault-tier a\ntier a prefer-servers s9\n{Frontend}");

        var fault = Assert.Single(Proxy.Check(result.Options!), static f => f.Contains("PreferredServers", StringComparison.Ordinal)); // it was read

        Assert.Equal(4, result.Locate(fault).Line);
    }

    private static TiersOptions Tiers(string lines)
    {
        var result = Reading.Of($"tiers plans\n{lines}\n{Frontend}backend b\nmode http\ntimeout connect 1s\ntimeout server 1s\nserver s1 10.0.0.1:80\nserver s2 10.0.0.2:80\n");
        Assert.True(result.IsValid, result.ToString());
        return Assert.Single(result.Options.Tiers);
    }
}
