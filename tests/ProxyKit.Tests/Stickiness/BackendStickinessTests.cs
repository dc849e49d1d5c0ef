using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Stickiness;
using ProxyKit.StickTables;
using ProxyKit.Tests.Rules;

namespace ProxyKit.Tests.Stickiness;

/// <summary>Which server a request has to have, and in which order that is found out.</summary>
public sealed class BackendStickinessTests
{
    private static readonly StickRuleOptions OnKey = new(StickRuleKind.On, Value.Parse("req.hdr(x-k)"));

    [Fact]
    public void Backend_without_any_of_it_asks_nothing()
    {
        using var bench = new StickyBench(static _ => { });

        Assert.Null(bench.Stickiness);
    }

    [Fact]
    public void Rule_goes_before_the_cookie_and_the_cookie_before_the_table()
    {
        using var bench = new StickyBench(o =>
        {
            o.StickyCookie = new StickyCookieOptions { Name = "LB", Mode = StickyCookieMode.Insert };
            o.UseServerRules.Add(new UseServerRuleOptions("s1", Match.Path("/rule")));
            o.StickRules.Add(OnKey);
        });
        bench.Ask(Request("/", "X-K: k"));
        bench.Binding.Learn(bench.Server(3));

        Assert.Equal("s1", bench.Ask(Request("/rule", "X-K: k", "Cookie: LB=b")));
        Assert.Equal(('U', DirectionKind.Rule), (bench.Binding.RequestCookie, bench.Binding.Direction.Kind));
        Assert.Equal("s2", bench.Ask(Request("/", "X-K: k", "Cookie: LB=b")));
        Assert.Equal(('V', DirectionKind.Cookie), (bench.Binding.RequestCookie, bench.Binding.Direction.Kind));
        Assert.Equal("s3", bench.Ask(Request("/", "X-K: k")));
        Assert.Equal(('N', DirectionKind.StickTable), (bench.Binding.RequestCookie, bench.Binding.Direction.Kind));
        Assert.Null(bench.Ask(Request("/", "X-K: other")));
        Assert.False(bench.Binding.Direction.IsDirect);
    }

    [Fact]
    public void Server_that_is_down_is_passed_over_by_all()
    {
        using var bench = new StickyBench(o =>
        {
            o.StickyCookie = new StickyCookieOptions { Name = "LB", Mode = StickyCookieMode.Insert };
            o.UseServerRules.Add(new UseServerRuleOptions("s1", Match.Path("/rule")));
            o.UseServerRules.Add(new UseServerRuleOptions("s2", Match.Path("/rule")));
            o.StickRules.Add(OnKey);
        });
        bench.Ask(Request("/", "X-K: k"));
        bench.Binding.Learn(bench.Server(1));
        bench.SetDown(1);

        Assert.Equal("s2", bench.Ask(Request("/rule")));
        Assert.Null(bench.Ask(Request("/", "Cookie: LB=a")));
        Assert.Equal('D', bench.Binding.RequestCookie);
        Assert.Null(bench.Ask(Request("/", "X-K: k")));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Server_that_is_down_is_kept_where_that_is_wanted(bool persists, bool forces)
    {
        using var bench = new StickyBench(o =>
        {
            o.StickyCookie = new StickyCookieOptions { Name = "LB", Mode = StickyCookieMode.Insert };
            o.StickRules.Add(OnKey);
            o.UseServerRules.Add(new UseServerRuleOptions("s1", Match.Path("/rule")));
            o.PersistsWhenDown = persists;
            if (forces)
            {
                o.PersistenceRules.Add(new PersistenceRuleOptions(PersistenceEffect.Force, Match.Always));
            }
        });
        bench.Ask(Request("/", "X-K: k"));
        bench.Binding.Learn(bench.Server(1));
        bench.SetDown(1);

        Assert.Equal("s1", bench.Ask(Request("/", "Cookie: LB=a")));
        Assert.Equal('D', bench.Binding.RequestCookie);
        Assert.Equal("s1", bench.Ask(Request("/", "X-K: k")));
        Assert.Equal("s1", bench.Ask(Request("/rule")));
        Assert.Equal(forces, bench.Binding.Direction.IsForced);
    }

    [Fact]
    public void Draining_server_and_one_of_weight_0_keep_their_clients()
    {
        using var bench = new StickyBench(static o => o.StickyCookie = new StickyCookieOptions { Name = "LB", Mode = StickyCookieMode.Insert });
        bench.Server(1).State.SetAvailability(ServerAvailability.BoundOnly);
        bench.Server(2).State.SetWeight(0);
        bench.Server(3).State.SetAvailability(ServerAvailability.Maintenance);

        Assert.Equal("s1", bench.Ask(Request("/", "Cookie: LB=a")));
        Assert.Equal("s2", bench.Ask(Request("/", "Cookie: LB=b")));
        Assert.Null(bench.Ask(Request("/", "Cookie: LB=c")));
        Assert.Equal('D', bench.Binding.RequestCookie);
    }

    [Fact]
    public void Of_servers_that_share_a_value_the_first_that_is_up_is_taken()
    {
        using var bench = new StickyBench(static o =>
        {
            o.StickyCookie = new StickyCookieOptions { Name = "LB", Mode = StickyCookieMode.Insert };
            o.Servers[2].Cookie = "b";
        });

        Assert.Equal("s2", bench.Ask(Request("/", "Cookie: LB=b")));
        bench.SetDown(2);
        Assert.Equal("s3", bench.Ask(Request("/", "Cookie: LB=b")));
        Assert.Equal('V', bench.Binding.RequestCookie);
        bench.SetDown(3);
        Assert.Null(bench.Ask(Request("/", "Cookie: LB=b")));
        Assert.Equal('D', bench.Binding.RequestCookie);
    }

    [Fact]
    public void Cookie_that_was_too_long_away_binds_nobody()
    {
        using var bench = new StickyBench(static o => o.StickyCookie = new StickyCookieOptions
        {
            Name = "LB", Mode = StickyCookieMode.Insert, MaxIdle = TimeSpan.FromMinutes(1), MaxLife = TimeSpan.FromMinutes(10),
        });
        var now = bench.Time.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal("s1", bench.Ask(Request("/", $"Cookie: LB=a|{Date(now - 50)}|{Date(now - 500)}")));
        Assert.Null(bench.Ask(Request("/", $"Cookie: LB=a|{Date(now - 70)}|{Date(now - 500)}")));
        Assert.Equal('E', bench.Binding.RequestCookie);
        Assert.Null(bench.Ask(Request("/", $"Cookie: LB=a|{Date(now - 50)}|{Date(now - 700)}")));
        Assert.Equal('O', bench.Binding.RequestCookie);
        Assert.Null(bench.Ask(Request("/", $"Cookie: LB=a|{Date(now + 90_000)}")));
        Assert.Equal('E', bench.Binding.RequestCookie);
        Assert.Equal("s1", bench.Ask(Request("/", $"Cookie: LB=a|{Date(now + 80_000)}|{Date(now + 80_000)}")));
    }

    [Fact]
    public void Entry_is_found_by_key_and_else_by_number()
    {
        using var bench = new StickyBench(static o => o.StickRules.Add(OnKey));
        bench.Ask(Request("/", "X-K: k"));
        bench.Binding.Learn(bench.Server(2));
        var reordered = new StickTargets(bench.Table, [bench.Server(2), bench.Server(1)]);
        var shared = new StickTargets(bench.Table, [Renamed(bench, "x", 1), Renamed(bench, "y", 2)], bench.Backend.Servers);
        var replaced = new StickTargets(bench.Table, [Renamed(bench, "x", 1), Renamed(bench, "y", 2)]);
        var fewer = new StickTargets(bench.Table, [bench.Server(1)]);

        Assert.Equal("s2", reordered.Find("k"u8)!.Name);
        Assert.Equal("y", shared.Find("k"u8)!.Name); // it is a server of another backend that has this table learn
        Assert.Null(replaced.Find("k"u8)); // the one that has the number now has nothing to do with the client
        Assert.Null(fewer.Find("k"u8)); // its server was taken out
    }

    [Theory]
    [InlineData("res.payload(0,4)", 1)]
    [InlineData("src", 0)]
    public void Content_of_responses_is_not_learnt_in_TCP_mode(string key, int faults)
    {
        using var bench = new StickyBench(o =>
        {
            o.Mode = ProxyMode.Tcp;
            o.StickRules.Add(new(StickRuleKind.StoreResponse, Value.Parse(key)));
        });

        Assert.Equal(
            Enumerable.Repeat("stick rule 0: 'stick store-response' of the content of the response is not supported in TCP mode", faults), bench.Faults);
    }

    [Fact]
    public void Entry_may_name_servers_by_address()
    {
        using var bench = new StickyBench(static o => o.StickRules.Add(OnKey), StickServerKey.Address);
        bench.Ask(Request("/", "X-K: k"));
        bench.Binding.Learn(bench.Server(2));

        Assert.Equal("s2", new StickTargets(bench.Table, [bench.Server(2)]).Find("k"u8)!.Name);
    }

    [Fact]
    public void Server_that_is_not_to_be_learnt_is_not()
    {
        using var bench = new StickyBench(static o =>
        {
            o.StickRules.Add(OnKey);
            o.Servers[0].IsNonStick = true;
        });
        bench.Ask(Request("/", "X-K: k"));

        bench.Binding.Learn(bench.Server(1));

        Assert.Equal(0, bench.Table.Used);
    }

    [Fact]
    public void Request_that_no_server_has_answered_teaches_nothing()
    {
        using var bench = new StickyBench(static o => o.StickRules.Add(OnKey));
        var request = Request("/", "X-K: k");
        bench.Ask(request);

        bench.Stickiness!.Learn(request, bench.Binding, null);

        Assert.Equal(0, bench.Table.Used);
    }

    [Fact]
    public void Key_that_is_looked_up_stays_for_longer()
    {
        using var table = new StickTable(
            new StickTableOptions { Name = "t", KeyType = StickKeyType.String, Size = 9, Expire = TimeSpan.FromSeconds(10) }.WithServers(), TimeProvider.System);
        using var bench = new StickyBench(static o => o.StickRules.Add(OnKey));
        var targets = new StickTargets(table, [bench.Server(1)]);
        targets.Learn("k"u8, bench.Server(1));
        Assert.True(table.TryFind("k"u8, out var entry));
        entry.Touch(-5000);

        targets.Find("k"u8);

        Assert.True(entry.UsedAt >= 0);
        entry.Leave();
    }

    [Fact]
    public void Cookies_of_a_request_cost_no_allocation()
    {
        using var bench = new StickyBench(static o =>
        {
            o.StickyCookie = new StickyCookieOptions { Name = "LB", Mode = StickyCookieMode.Insert, IsIndirect = true };
            o.StickRules.Add(OnKey);
        });
        bench.Ask(Request("/", "X-K: k"));
        bench.Binding.Learn(bench.Server(2));
        var other = Request("/", "X-K: k", "Cookie: theme=dark");
        var own = Request("/", "X-K: k", "Cookie: LB=zz; x=1");

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                bench.Binding.Reset();
                bench.Stickiness!.Begin(other, bench.Binding);
                bench.Stickiness.Direct(other, bench.Binding);
                bench.Stickiness.Learn(other, bench.Binding, bench.Server(2));
                bench.Binding.Reset();
                bench.Stickiness.Direct(own, bench.Binding);
            }
        });
    }

    [Fact]
    public void Faults_of_rules_are_told_with_their_places()
    {
        using var bench = new StickyBench(static o =>
        {
            o.StickRules.Add(new StickRuleOptions(StickRuleKind.On, Value.Parse("src"), "nowhere"));
            o.StickRules.Add(new StickRuleOptions(StickRuleKind.StoreRequest, Value.Parse("res.cook(a)")));
            o.UseServerRules.Add(new UseServerRuleOptions("s9", Match.Always));
        });

        Assert.Equal(3, bench.Faults.Count);
        Assert.Contains("stick rule 0: unable to find table 'nowhere'", bench.Faults);
        Assert.Contains(bench.Faults, static f => f.StartsWith("stick rule 1: ", StringComparison.Ordinal));
        Assert.Contains(bench.Faults, static f => f.StartsWith("use-server rule 0: unable to find server 's9'", StringComparison.Ordinal));
    }

    private static RuleContext Request(string target, params string[] fields) =>
        TestExchange.Of([$"GET {target} HTTP/1.1", "Host: a.example", .. fields]).From("192.0.2.7").Context;

    private static Server Renamed(StickyBench bench, string name, int id) =>
        new("web", new ServerOptions { Name = name, Address = "10.0.9.9:80", Id = id }, bench.Server(1).ConnectOptions.EndPoint, null, null, bench.Server(1).State);

    private static string Date(long seconds)
    {
        var text = new byte[CookieDate.Length];
        CookieDate.Write(text, seconds);
        return System.Text.Encoding.ASCII.GetString(text);
    }
}
