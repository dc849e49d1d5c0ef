using ProxyKit.Rules;
using ProxyKit.Runtime;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

public sealed class TierOptionsValidatorTests
{
    [Fact]
    public void Tiers_that_are_in_order_have_no_faults() => Assert.Empty(FaultsOf(static _ => { }));

    [Fact]
    public void All_faults_of_a_group_are_found_with_their_places()
    {
        var faults = FaultsOf(static tiers => tiers
            .DefaultTier("bronce")
            .AddTier("a,b", static t => t
                .Limit(-1, TimeSpan.FromMinutes(1))
                .Limit(5, TimeSpan.FromMilliseconds(5))
                .SlidingLimit(5, TimeSpan.FromMinutes(1), static l => (l.Name, l.Segments, l.SoftLimit) = ("s p", 100, 9))
                .TokenBucket(1_000_000_000_000, 0, TimeSpan.FromDays(30))
                .QueuePriority(5000))
            .Cost(-3)
            .Configure(static o => o.Tiers[1].Limits.Add(new TierLimitOptions { Kind = TierLimitKind.Own })));

        Assert.Equal(
            [
                "tiers \"plans\" > tier \"a,b\" > Name: \"a,b\" has a comma, a quote or a bracket in it, where words end.",
                "tiers \"plans\" > tier \"a,b\" > QueuePriority: 5000 is out of range (-2047-2047).",
                "tiers \"plans\" > tier \"a,b\" > limit \"minute\" > Limit: -1 is out of range (0-1000000000000).",
                "tiers \"plans\" > tier \"a,b\" > limit \"5ms\" > Window: 00:00:00.0050000 is out of range (00:00:00.1000000 to 31.00:00:00).",
                "tiers \"plans\" > tier \"a,b\" > limit \"s p\" > Name: \"s p\" is none (1 to 40 letters, digits, '-', '_' and '.').",
                "tiers \"plans\" > tier \"a,b\" > limit \"s p\" > SoftLimit: 9 is above the limit of 5, where nobody comes.",
                "tiers \"plans\" > tier \"a,b\" > limit \"s p\" > Segments: 100 is out of range (1-60).",
                "tiers \"plans\" > tier \"a,b\" > limit \"burst\" > Refill: 0 is out of range (1-1000000000000).",
                "tiers \"plans\" > tier \"a,b\" > limit \"burst\" > Limit: 1000000000000 units that come back over 30.00:00:00 are more than a bucket can count.",
                "tiers \"plans\" > tier \"a,b\" > limit \"limiter\" > CreateLimiter: is null, so there would be no limiter.",
                "tiers \"plans\" > DefaultTier: there is no tier \"bronce\"; did you mean \"bronze\"?",
                "tiers \"plans\" > cost 1 > Units: -3 is out of range (0-1000000000000).",
            ],
            faults);
    }

    [Fact]
    public void Limits_of_one_name_in_a_tier_are_a_fault() => Assert.Equal(
        ["tiers \"plans\" > tier \"x\" > Limits: 2 of them are named \"day\"."],
        FaultsOf(static tiers => tiers.AddTier("x", static t => t.Limit(1, TimeSpan.FromDays(1)).Quota(1, QuotaPeriod.Day))));

    [Fact]
    public void Quotas_that_are_kept_in_two_places_are_a_fault() => Assert.Equal(
        [
            "tiers \"plans\" > QuotaFolder: \"\" is no folder.",
            "tiers \"plans\" > QuotaStore: what is used is kept in one place: not also in QuotaFolder.",
            "tiers \"plans\" > Leases: keep what is used already, and would count it again after a restart.",
        ],
        FaultsOf(static tiers => tiers.Share(new TierLeases()).KeepQuotas(new Metering.Quotas.RecordingQuotaStore()).Configure(static o => o.QuotaFolder = "")));

    [Fact]
    public void Server_that_a_tier_prefers_and_nobody_has_is_a_fault() => Assert.Equal(
        ["tiers \"plans\" > tier \"x\" > PreferredServers: no backend has a server \"s2\"; did you mean \"s1\"?"],
        FaultsOf(static tiers => tiers.AddTier("x", static t => t.PreferServers("s1", "s2"))));

    [Fact]
    public void Server_without_a_name_that_a_tier_prefers_is_a_fault() => Assert.StartsWith(
        "tiers \"plans\" > tier \"x\" > PreferredServers: no backend has a server \"\"",
        Assert.Single(FaultsOf(static tiers => tiers.Configure(static o => o.Tiers.Add(new TierOptions { Name = "x", PreferredServers = { null! } })))),
        StringComparison.Ordinal);

    [Fact]
    public void Group_that_tells_nobody_apart_is_a_fault() => Assert.Equal(
        [
            "tiers \"plans\" > CountBy: there is none, so nobody could be told from anybody else.",
            "tiers \"plans\" > TierBy: nothing tells a client's tier: neither this nor Source nor DefaultTier.",
            "tiers \"plans\" > Tiers: there is none.",
        ],
        FaultsOf(static tiers => tiers.Configure(static o =>
        {
            o.CountBy.Clear();
            o.TierBy.Clear();
            o.Tiers.Clear();
        })));

    [Fact]
    public void Frontend_that_names_no_tiers_there_are_is_a_fault() => Assert.Equal(
        ["frontend \"public\" > Tiers: there are no tiers \"plan\"; did you mean \"plans\"?", "frontend \"public\" > UsagePath: \"usage\" does not begin with a slash."],
        FaultsOf(static _ => { }, static f => f.UseTiers("plan").UsageEndpoint("usage")));

    [Fact]
    public void Usage_path_means_nothing_without_tiers() => Assert.Equal(
        ["frontend \"public\" > UsagePath: means nothing without Tiers."], FaultsOf(static _ => { }, static f => f.Configure(static o =>
        {
            (o.Tiers, o.UsagePath) = (null, "/usage");
        })));

    [Fact]
    public void What_an_expression_names_is_looked_up()
    {
        var builder = Compose(static tiers => tiers.CountBy(Value.Parse("req.hdr(a),table_http_req_cnt(nowhere)")), static _ => { });

        Assert.Equal(["tiers \"plans\" > CountBy > unable to find table 'nowhere'."], Proxy.Check(builder.Build()));
    }

    private static IReadOnlyList<string> FaultsOf(Action<TiersBuilder> tiers, Action<FrontendBuilder>? frontend = null) =>
        ProxyOptionsValidator.Validate(Compose(tiers, frontend ?? (static _ => { })).Build());

    private static ProxyBuilder Compose(Action<TiersBuilder> tiers, Action<FrontendBuilder> frontend) => new ProxyBuilder()
        .AddFrontend("public", f =>
        {
            f.Bind("127.0.0.1:0").UseTiers("plans").DefaultBackend("web");
            frontend(f);
        })
        .AddTiers("plans", t =>
        {
            t.CountBy(Value.Parse("src")).TierBy(Value.Parse("req.hdr(x-plan)")).AddTier("bronze", static b => b.Limit(1, TimeSpan.FromSeconds(1)));
            tiers(t);
        })
        .AddBackend("web", static b => b.AddServer("s1", "127.0.0.1:1"));
}
