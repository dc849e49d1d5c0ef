using ProxyKit.StickTables;
using ProxyKit.Stickiness;

namespace ProxyKit.HAProxyConfig.Tests.Mapping;

public sealed class StickinessMappingTests
{
    private const string Front = "frontend f\nmode http\nbind :80\ntimeout client 1s\n";
    private const string Back = "backend b\nmode http\ntimeout connect 1s\ntimeout server 1s\n";

    [Fact]
    public void Cookie_line_is_the_cookie()
    {
        var backend = Reading.Backend(
            "cookie LB insert indirect nocache postonly preserve httponly secure domain .a_b.example domain b.example maxidle 20m maxlife 90d dynamic attr SameSite=Lax\ndynamic-cookie-key k\nserver s 10.0.0.1:80");
        var cookie = backend.StickyCookie!;

        Assert.Equal(("LB", StickyCookieMode.Insert, "k"), (cookie.Name, cookie.Mode, backend.DynamicCookieKey));
        Assert.True(cookie is { IsIndirect: true, IsNoCache: true, IsPostOnly: true, PreservesServerCookie: true, IsHttpOnly: true, IsSecure: true, IsDynamic: true });
        Assert.Equal([".a_b.example", "b.example"], cookie.Domains);
        Assert.Equal(["SameSite=Lax"], cookie.Attributes);
        Assert.Equal((TimeSpan.FromMinutes(20), TimeSpan.FromDays(90)), (cookie.MaxIdle!.Value, cookie.MaxLife!.Value));
    }

    [Theory]
    [InlineData("cookie LB", StickyCookieMode.Passive)]
    [InlineData("cookie LB insert", StickyCookieMode.Insert)]
    [InlineData("cookie LB rewrite", StickyCookieMode.Rewrite)]
    [InlineData("cookie LB prefix", StickyCookieMode.Prefix)]
    [InlineData("cookie A rewrite\ncookie LB prefix", StickyCookieMode.Prefix)]
    public void Last_line_says_the_mode(string lines, StickyCookieMode mode)
    {
        var cookie = Reading.Backend(lines).StickyCookie!;

        Assert.Equal(("LB", mode), (cookie.Name, cookie.Mode));
    }

    [Fact]
    public void Times_without_a_unit_are_seconds_and_parts_of_one_count_as_one()
    {
        var cookie = Reading.Backend("cookie LB insert maxidle 30 maxlife 1500ms").StickyCookie!;

        Assert.Equal((30, 2), (cookie.MaxIdle!.Value.TotalSeconds, cookie.MaxLife!.Value.TotalSeconds));
        Assert.Null(Reading.Backend("cookie LB insert maxidle 0").StickyCookie!.MaxIdle);
    }

    [Fact]
    public void Servers_have_their_values()
    {
        Assert.Equal("a1", Reading.Server("cookie a1").Cookie);
        Assert.True(Reading.Server("non-stick").IsNonStick);
        Assert.False(Reading.Server("non-stick stick").IsNonStick);
    }

    [Fact]
    public void Options_are_the_backends()
    {
        var backend = Reading.Backend("option persist\noption checkcache\noption redispatch 3");

        Assert.Equal((true, true, true, 3), (backend.PersistsWhenDown, backend.RefusesCacheableCookies, backend.Redispatch, backend.RedispatchInterval));
        Assert.Equal(-1, Reading.Backend("option redispatch").RedispatchInterval);
        Assert.Equal((false, -1), Reading.Backend("option redispatch 3\noption redispatch 0") is var off ? (off.Redispatch, off.RedispatchInterval) : default);
        Assert.False(Reading.Backend("option persist\nno option persist").PersistsWhenDown);
    }

    [Fact]
    public void Rules_are_the_backends_in_their_order()
    {
        var backend = Reading.Backend(
            "stick-table type string size 1k\nuse-server s if { path /a }\nuse-server %[req.hdr(x)] unless { path /b }\nforce-persist if { src 10.0.0.0/8 }\nignore-persist unless { path /c }\n"
            + "stick match req.cook(a)\nstick on src table b if { path /d }\nstick store-request src\nstick store-response res.cook(a)\nserver s 10.0.0.1:80");

        Assert.Equal([("s", false), ("%[req.hdr(x)]", true)], backend.UseServerRules.Select(static r => (r.Server, r.Name is not null)));
        Assert.Equal([PersistenceEffect.Force, PersistenceEffect.Ignore], backend.PersistenceRules.Select(static r => r.Effect));
        Assert.Equal(
            [(StickRuleKind.Match, "", false), (StickRuleKind.On, "b", true), (StickRuleKind.StoreRequest, "", false), (StickRuleKind.StoreResponse, "", false)],
            backend.StickRules.Select(static r => (r.Kind, r.Table, r.Condition is not null)));
        Assert.All(backend.StickRules, static r => Assert.StartsWith("a.cfg:", r.Origin, StringComparison.Ordinal));
    }

    [Fact]
    public void Tables_keep_servers_as_they_are_told()
    {
        var result = Reading.Of($"{Back}stick-table type ip size 1k srvkey addr store server_id,server_key,gpc0\n{Front}");

        var table = Assert.Single(result.Options!.StickTables);
        Assert.Equal(StickServerKey.Address, table.ServerKey);
        Assert.Equal([StickDataType.ServerId, StickDataType.ServerKey, StickDataType.Counter0], table.Store.Select(static s => s.Type));
    }

    [Fact]
    public void Remote_desktop_cookie_has_a_name_or_the_usual_one()
    {
        Assert.Equal("msts", Rdp("persist rdp-cookie"));
        Assert.Equal("mstshash", Rdp("persist rdp-cookie(mstshash)"));

        static string? Rdp(string line) => Reading.Of(
            $"backend b\ntimeout connect 1s\ntimeout server 1s\n{line}\nfrontend f\nbind :80\ntimeout client 1s\n").Options!.Backends[0].RdpCookie;
    }

    /// <summary>ST-13.</summary>
    [Fact]
    public void Cookies_in_TCP_mode_are_warned_of_and_have_no_effect()
    {
        var result = Reading.Of(
            "backend b\ntimeout connect 1s\ntimeout server 1s\ncookie LB insert\nserver s 10.0.0.1:80 cookie a\nfrontend f\nbind :80\ntimeout client 1s\n");

        Assert.Equal(
            ["proxy 'b' : ignoring cookie for server 's' as HTTP mode is disabled.", "cookie will be ignored for proxy 'b' (needs 'mode http')."],
            result.Warnings().Select(static w => w[w.IndexOf(w.Contains("cookie will", StringComparison.Ordinal) ? "cookie" : "proxy", StringComparison.Ordinal)..]));
        Assert.Null(result.Options!.Backends[0].StickyCookie);
        Assert.Null(result.Options.Backends[0].Servers[0].Cookie);
    }

    [Theory]
    [InlineData("cookie", "'cookie' expects <name> [<option> ...].")]
    [InlineData("cookie A isnert", "(got 'isnert'); did you mean 'insert' maybe ?.")]
    [InlineData("cookie A rewrite indirect", "cookie 'rewrite' and 'indirect' modes are incompatible.")]
    [InlineData("cookie A rewrite insert", "cookie 'rewrite', 'insert' and 'prefix' modes are incompatible.")]
    [InlineData("cookie A preserve", "cookie 'preserve' requires at least 'insert' or 'indirect'.")]
    [InlineData("cookie A maxidle 1s", "cookie 'maxidle' and 'maxlife' require 'insert': only a cookie set here has a date.")]
    [InlineData("cookie A insert domain", "'domain' expects <domain> as argument.")]
    [InlineData("cookie A insert domain \"a b.c\"", "character ' ' is not permitted in domain name 'a b.c'.")]
    [InlineData("cookie A insert attr \"a;b\"", "character '%x3B' is not permitted in attribute value.")]
    [InlineData("cookie A insert maxidle 1x", "unexpected character 'x' in 'maxidle'.")]
    [InlineData("cookie A insert dynamic", "cookie 'dynamic' makes no value without a 'dynamic-cookie-key'.")]
    [InlineData("force-persist", "'force-persist' expects {if|unless} <condition> ....")]
    [InlineData("force-persist when x", "'force-persist' requires either 'if' or 'unless' followed by a condition.")]
    [InlineData("ignore-persist unless FOO", "no such ACL : 'FOO'")]
    [InlineData("use-server s1 when x", "'use-server' requires either 'if' or 'unless' followed by a condition.")]
    [InlineData("use-server s9 if TRUE", "unable to find server 's9' referenced in a 'use-server' rule")]
    [InlineData("stick foo src", "'stick' expects 'match', 'on', 'store-request', 'store-response', but got 'foo'")]
    [InlineData("stick on", "'stick on' expects <expr> [table <table>] [{if|unless} <condition> ...].")]
    [InlineData("stick on nosuch", "'stick on': unknown fetch method 'nosuch'")]
    [InlineData("stick on src", "Proxy 'b': unable to find stick-table 'b'.")]
    [InlineData("stick-table type ip size 1k\nstick on src table", "'stick on' : missing <table> after 'table'.")]
    [InlineData("stick-table type ip size 1k\nstick on src foo", "'stick on' expects either 'if' or 'unless' followed by a condition but found 'foo'.")]
    [InlineData("stick-table type ip size 1k srvkey foo", "only supports 'name', 'addr' (got 'foo')")]
    [InlineData("persist foo", "'persist' only supports 'rdp-cookie' and 'rdp-cookie(<name>)' (got 'foo').")]
    [InlineData("option redispatch x", "'option redispatch' expects an integer")]
    public void Mistake_is_told_where_it_is(string line, string alert) =>
        Assert.Contains(alert, Reading.Alert($"{Back}{line}\n{Front}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("insert", "a~b", true)]
    [InlineData("insert", "a|b", false)]
    [InlineData("prefix", "a|b", true)]
    [InlineData("prefix", "a~b", false)]
    [InlineData("insert", "\"a b\"", false)]
    public void Value_of_a_server_may_have_what_does_not_end_it(string mode, string value, bool isGood)
    {
        var result = Reading.Of($"{Back}cookie A {mode}\nserver s1 10.0.0.1:80 cookie {value}\n{Front}");

        Assert.Equal(isGood ? 0 : 1, result.Alerts().Count());
        Assert.All(result.Alerts(), static a => Assert.StartsWith("parsing [a.cfg:", a, StringComparison.Ordinal));
    }

    [Fact]
    public void Backends_that_inherit_a_cookie_have_one_each()
    {
        var result = Reading.Of(
            "defaults\nmode http\ntimeout connect 1s\ntimeout server 1s\ntimeout client 1s\ncookie A insert maxidle 9s domain .a.example attr X=1 httponly\n"
            + "backend b\nserver s 10.0.0.1:80\nbackend c\nserver s 10.0.0.1:80\nfrontend f\nbind :80\n");

        var (first, second) = (result.Options!.Backends[0].StickyCookie!, result.Options.Backends[1].StickyCookie!);

        Assert.NotSame(first, second);
        Assert.Equivalent(first, second, strict: true);
        Assert.Equal((".a.example", "X=1", true, TimeSpan.FromSeconds(9)), (second.Domains[0], second.Attributes[0], second.IsHttpOnly, second.MaxIdle!.Value));
    }

    [Fact]
    public void Two_servers_at_one_address_have_one_dynamic_cookie_which_is_warned_of() => Assert.Contains(
        "servers 's1' and 's2' have one address, and so the same dynamic cookie.",
        Assert.Single(Reading.Of($"{Back}cookie A insert dynamic\ndynamic-cookie-key k\nserver s1 10.0.0.1:80\nserver s2 10.0.0.1:80\n{Front}").Warnings()),
        StringComparison.Ordinal);
}
