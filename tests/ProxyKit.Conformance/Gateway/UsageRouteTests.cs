using ProxyKit.Metering;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Conformance.Gateway;

/// <summary>What kind of request an event is of.</summary>
public abstract class UsageRouteTests(Carrier carrier) : ProxyTest(carrier)
{
    private readonly InMemoryUsageStore _store = new();

    /// <summary>Also of one that is refused by it; not of one that no row is about, or that nobody was asked about.</summary>
    [Fact]
    public async Task Route_is_the_row_of_the_policy_that_was_about_the_request()
    {
        await StartAsync(static f => f
            .AuthenticateApiKey(Keys(), unless: Match.Path("/open"))
            .Authorize(ScopePolicy.Parse("GET /users/{id} -> read\nGET|POST /api/* -> write"))
            .Configure(static o => o.LogFormat = "%[policy_row]"));

        Assert.Equal(
            [("", 200), ("", 403), ("GET /users/{id}", 200), ("GET /users/{id}", 200), ("GET|POST /api/*", 403)],
            await RoutesAsync("/users/7", "/users/8", "/api/x", "/none", "/open"));
        Assert.Equal(
            ["-", "-", "GET /users/{id}", "GET /users/{id}", "GET|POST /api/*"],
            Log.Entries.Where(static e => e.Category == "ProxyKit.Access").Select(static e => e.Message).Order(StringComparer.Ordinal));
    }

    /// <summary>A rule has named it, or an answer is given before any could.</summary>
    [Fact]
    public async Task Route_is_what_rules_call_it_where_the_metering_says_so()
    {
        await StartAsync(
            static f => f.OnRequest(static rules => rules
                .SetVariable("txn.route", Value.Text("orders"), when: Match.Path("/orders/*"))
                .Deny(when: Match.Path("/orders/denied"))),
            static m => m.RouteBy(Value.Parse("var(txn.route)")));

        Assert.Equal([("", 200), ("orders", 200), ("orders", 403)], await RoutesAsync("/orders/1", "/orders/denied", "/other"));
    }

    [Fact]
    public async Task Route_is_the_row_of_the_policy_where_what_the_metering_asks_has_no_value()
    {
        await StartAsync(
            static f => f
                .AuthenticateApiKey(Keys())
                .Authorize(ScopePolicy.Parse("GET /users/{id} -> read"))
                .OnRequest(static rules => rules.SetVariable("txn.route", Value.Text("root"), when: Match.Path("/users/0"))),
            static m => m.RouteBy(Value.Parse("var(txn.route)")));

        Assert.Equal([("GET /users/{id}", 200), ("GET /users/{id}", 200), ("root", 200)], await RoutesAsync("/users/7", "/users/0", "/users/8"));
    }

    [Fact]
    public async Task Row_with_a_name_that_is_too_long_is_kept_as_any_other_such_name()
    {
        var path = "/" + new string('a', 300);
        await StartAsync(f => f.AuthenticateApiKey(Keys()).Authorize(ScopePolicy.Parse($"GET {path} -> read")));

        var routes = await RoutesAsync(path, path);

        var kept = (_store.Events[0] with { Route = $"GET {path}" }).AsKept().Route;
        Assert.Equal(255, kept.Length);
        Assert.Equal([(kept, 200), (kept, 200)], routes);
    }

    /// <summary>Who it was is known all the same, whether a server has answered or nobody was let in.</summary>
    [Theory]
    [InlineData("/", 200)]
    [InlineData("/denied", 403)]
    public async Task Route_that_cannot_be_told_is_empty_and_counts_for_its_client(string target, int status)
    {
        ExpectedFaults = 1; // told once
        var language = new RuleLanguage().Add(new FetchKeyword
        {
            Name = "broken",
            Type = SampleType.String,
            Create = static _ => static (RuleContext _, ref Sample _) => throw new InvalidOperationException("on purpose"),
        });
        await StartAsync(
            static f => f.OnRequest(static rules => rules.Deny(when: Match.Path("/denied"))),
            m => m.CountBy(Value.Text("acme")).TierBy(Value.Text("gold")).RouteBy(Value.Parse("broken", language)));

        Assert.Equal([("", status)], await RoutesAsync(target));

        Assert.Equal(("acme", "gold"), (_store.Events[0].Client, _store.Events[0].Tier));
    }

    /// <summary>The next request of the connection is not taken for what the one before was.</summary>
    [Fact]
    public async Task Route_is_each_requests_own()
    {
        await StartAsync(static f => f.AuthenticateApiKey(Keys(), unless: Match.Path("/open")).Authorize(ScopePolicy.Parse("GET /a -> read")));

        Assert.Equal([("", 200), ("", 200), ("GET /a", 200)], await RoutesAsync("/open", "/a", "/open"));
    }

    private static ApiKeySet Keys()
    {
        var keys = Path.GetTempFileName();
        File.WriteAllText(keys, $"{ApiKeySet.HashOf("the-key")} acme {{\"scope\":\"read\"}}\n");
        var set = ApiKeySet.Load(keys);
        File.Delete(keys);
        return set;
    }

    private Task StartAsync(Action<FrontendBuilder> frontend, Action<MeteringBuilder>? metering = null)
    {
        var origin = OkOrigin();
        return StartAsync(proxy =>
        {
            Compose([origin], frontend)(proxy);
            proxy.AddMetering(m =>
            {
                m.Store(_store).CountBy(Value.Parse("src"));
                metering?.Invoke(m);
            });
        });
    }

    /// <summary>Routes and statuses of requests one after the other on one connection, in the order of the routes.</summary>
    private async Task<IEnumerable<(string Route, int Status)>> RoutesAsync(params string[] targets)
    {
        var client = await ConnectAsync();
        foreach (var target in targets)
        {
            await client.SendAsync($"GET {target} HTTP/1.1", "Host: a", "X-Api-Key: the-key", "", "");
            await client.ReadResponseAsync();
        }

        await Proxy.StopAsync(TestContext.Current.CancellationToken).InTimeAsync();
        return _store.Events.Select(static e => (e.Route, e.Status)).OrderBy(static e => e.Route, StringComparer.Ordinal).ThenBy(static e => e.Status);
    }
}

public sealed class UsageRouteOverSocketsTests() : UsageRouteTests(Carrier.Sockets);

public sealed class UsageRouteInMemoryTests() : UsageRouteTests(Carrier.Memory);
