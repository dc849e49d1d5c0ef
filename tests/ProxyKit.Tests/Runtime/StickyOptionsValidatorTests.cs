using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Runtime;
using ProxyKit.Stickiness;

namespace ProxyKit.Tests.Runtime;

public sealed class StickyOptionsValidatorTests
{
    [Fact]
    public void What_goes_together_has_no_fault() => Assert.Empty(Faults(b => b
        .StickyCookie("SERVERID", cookie => cookie.Insert().Indirect().NoCache().PostOnly().Preserve().HttpOnly().Secure()
            .Domain(".a.example").Attribute("SameSite=Lax").MaxIdle(TimeSpan.FromMinutes(20)).MaxLife(TimeSpan.FromDays(90)).Dynamic())
        .DynamicCookieKey("key")
        .UseServer("s1", Match.Path("/x"))
        .UseServer(Value.Parse("req.hdr(x)"), Match.Always)
        .StickOn(Value.Parse("src"))
        .StickMatch(Value.Parse("src"), "t", Match.Always)
        .StickStoreRequest(Value.Parse("src"))
        .StickStoreResponse(Value.Parse("res.cook(a)"))
        .ForcePersist(Match.Path("/f"))
        .IgnorePersist(Match.Path("/i"))
        .AddServer("s1", "10.0.0.1:80", s => s.Cookie("s1"))
        .AddServer("s2", "10.0.0.2:80", s => s.Cookie("a~b"))));

    [Fact]
    public void Cookie_with_the_servers_own_value_behind_it_has_no_date() => Assert.Empty(
        Faults(b => b.StickyCookie("A", c => c.Prefix()).AddServer("s1", "10.0.0.1:80", s => s.Cookie("x|y"))));

    public static TheoryData<Action<BackendBuilder>, string> Mistakes => new()
    {
        { b => b.Mode(ProxyMode.Tcp).StickyCookie("A"), "StickyCookie > in TCP mode there are no cookies; Mode must be Http." },
        { b => b.StickyCookie(""), "StickyCookie > Name: a name is needed." },
        { b => b.StickyCookie("a b"), "StickyCookie > Name: \"a b\" has \" \" in it, which no cookie's name can have." },
        { b => b.StickyCookie("a=b"), "StickyCookie > Name: \"a=b\" has \"=\" in it, which no cookie's name can have." },
        { b => b.StickyCookie("A", c => c.Rewrite().Indirect()), "StickyCookie > IsIndirect: does not go with Rewrite: there would be nothing to rewrite." },
        { b => b.StickyCookie("A", c => c.Prefix().Preserve()), "StickyCookie > PreservesServerCookie: goes with Insert or Indirect alone." },
        { b => b.StickyCookie("A", c => c.Prefix().MaxIdle(TimeSpan.FromSeconds(9))), "StickyCookie > MaxIdle: needs Insert: only a cookie that the proxy sets has a date." },
        { b => b.StickyCookie("A", c => c.Insert().MaxLife(TimeSpan.Zero)), "StickyCookie > MaxLife: 00:00:00 is out of range (1 second to 68 years; null for no limit)." },
        { b => b.StickyCookie("A", c => c.Insert().Attribute("a;b")), "StickyCookie > \"a;b\" is no attribute of a cookie: it is empty, or has a semicolon or a control character in it." },
        { b => b.StickyCookie("A", c => c.Insert().Dynamic()), "StickyCookie > IsDynamic: needs the backend's DynamicCookieKey." },
        {
            b => b.StickyCookie("A", c => c.Insert().Dynamic()).DynamicCookieKey("k").AddServer("n", "a.example:80"),
            "StickyCookie > IsDynamic: the value for server \"n\" is made from its address, and \"a.example:80\" is a name; give it a Cookie."
        },
        { b => b.DynamicCookieKey(""), "DynamicCookieKey: is empty; null stands for none." },
        { b => b.AddServer("x", "10.0.0.9:80", s => s.Cookie("")), "server \"x\" > Cookie: is empty; null stands for none." },
        { b => b.AddServer("x", "10.0.0.9:80", s => s.Cookie("a|b")), "server \"x\" > Cookie: \"a|b\" has \"|\" in it, which would end it." },
        { b => b.StickyCookie("LB", c => c.Prefix()).AddServer("x", "10.0.0.9:80", s => s.Cookie("a~b")), "server \"x\" > Cookie: \"a~b\" has \"~\" in it, which would end it." },
        { b => b.AddServer("x", "10.0.0.9:80", s => s.Cookie("a\r\nb")), "server \"x\" > Cookie: \"a\\u000d\\u000ab\" has \"\\u000d\" in it, which would end it." },
        { b => b.UseServer("s9", Match.Always), "use-server rule 1 > Server: there is no server \"s9\" in this backend." },
        { b => b.Configure(o => o.UseServerRules.Add(new UseServerRuleOptions("s1", null!))), "use-server rule 1 > Condition: is null." },
        { b => b.Configure(o => o.PersistenceRules.Add(new PersistenceRuleOptions((PersistenceEffect)9, Match.Always))), "persistence rule 1 > Effect: 9 is none of Force, Ignore." },
        { b => b.Configure(o => o.StickRules.Add(new StickRuleOptions(StickRuleKind.On, null!))), "stick rule 1 > Key: is null." },
        { b => b.Configure(o => o.RedispatchInterval = 0), "RedispatchInterval: 0 stands for no retry at all; set Redispatch to false for that." },
        { b => b.Configure(o => o.RdpCookie = "a b"), "RdpCookie: \"a b\" is no name of letters and digits." },
        { b => b.Mode(ProxyMode.Tcp).Configure(o => o.RefusesCacheableCookies = true), "RefusesCacheableCookies: in TCP mode there are no responses to look at." },
    };

    [Fact]
    public void Rule_that_is_null_is_told_beside_a_server_that_is_looked_up() => Assert.Contains(
        "backend \"web\" > StickRules: number 1 is null.",
        Faults(static b => b
            .AddServer("s1", "app.example:80", static s => s.Configure(static o => o.Resolution = new() { Resolvers = "r" }))
            .Configure(static o => o.StickRules.Add(null!))));

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Mistake_is_told_with_its_path(Action<BackendBuilder> mistake, string fault) =>
        Assert.Equal([$"backend \"web\" > {fault}"], Faults(b =>
        {
            b.AddServer("s1", "10.0.0.1:80");
            mistake(b);
        }).Where(static f => !f.StartsWith("frontend", StringComparison.Ordinal)));

    private static IReadOnlyList<string> Faults(Action<BackendBuilder> configure) => ProxyOptionsValidator.Validate(
        new ProxyBuilder().AddFrontend("f", f => f.Bind("*:80").DefaultBackend("web")).AddBackend("web", configure).Build());
}
