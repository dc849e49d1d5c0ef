using ProxyKit.Http;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

public sealed class RouteTableTests
{
    private static int Find(TestExchange exchange, params Condition[] conditions) => new RouteTable(conditions).Find(exchange);

    [Fact]
    public void Find_in_an_empty_table_finds_none() => Assert.Equal(-1, Find(TestExchange.For("/")));

    [Fact]
    public void Find_takes_the_first_route_declared_and_not_the_most_specific()
    {
        // GW1-06
        var exchange = TestExchange.For("/cart/1", "api.example");

        Assert.Equal(0, Find(exchange, Match.Path("/*"), Match.Path("/cart/1"), Match.Host("api.example")));
        Assert.Equal(1, Find(exchange, Match.Path("/cart"), Match.Host("*.example"), Match.Path("/cart/*")));
        Assert.Equal(2, Find(exchange, Match.Method("POST"), Match.Path("/catalog/*"), Match.Always, Match.Path("/cart/*")));
    }

    [Fact]
    public void Find_without_a_match_finds_none() =>
        Assert.Equal(-1, Find(TestExchange.For("/stock"), Match.Path("/cart/*"), Match.Host("b.example"), !Match.Always));

    [Fact]
    public void Find_combines_host_and_path()
    {
        // GW1-03, GW1-04
        Condition[] routes =
        [
            Match.Host("api.haproxy.com", "api.haproxy.fr") & Match.PathPrefix("/cart", ignoreCase: true),
            Match.Host("api.haproxy.com") & Match.Path("/inventory/*"),
            Match.Host("partner.haproxy.com") & Match.Path("/cart/*"),
        ];

        Assert.Equal(0, Find(TestExchange.For("/CART/items", "API.HAPROXY.FR:443"), routes));
        Assert.Equal(1, Find(TestExchange.For("/inventory", "api.haproxy.com"), routes));
        Assert.Equal(2, Find(TestExchange.For("/cart/1", "partner.haproxy.com"), routes));
        Assert.Equal(-1, Find(TestExchange.For("/inventory", "partner.haproxy.com"), routes));
        Assert.Equal(-1, Find(TestExchange.For("/cart/1", "other.example"), routes));
    }

    [Fact]
    public void Find_asks_candidates_in_order_each_once_and_stops_at_the_match()
    {
        var asked = new List<int>();
        Condition Asked(int route) => Match.When(_ =>
        {
            asked.Add(route);
            return route == 5;
        });

        var found = Find(
            TestExchange.For("/cart/1", "a.b.example"),
            Match.Host("a.b.example") & Asked(0),
            Match.Path("/cart/*") & Asked(1),
            Asked(2),
            (Match.Host("*.example") | Match.Host("a.b.example") | Match.Path("/cart/1")) & Asked(3),
            Match.Path("/CART/*", ignoreCase: true) & Asked(4),
            Match.Host("*.b.example") & Match.PathPrefix("/c") & Asked(5),
            Asked(6));

        Assert.Equal(5, found);
        Assert.Equal([0, 1, 2, 3, 4, 5], asked);
    }

    [Fact]
    public void Find_lets_through_what_a_predicate_throws_and_serves_the_next()
    {
        var picky = Match.When(exchange => exchange.Request.Path == "/bad" ? throw new FormatException() : true);
        var table = new RouteTable([picky, Match.Always]);

        Assert.Throws<FormatException>(() => table.Find(TestExchange.For("/bad")));
        Assert.Equal(0, table.Find(TestExchange.For("/good")));
    }

    [Fact]
    public void Find_does_not_ask_the_throwing_predicate_of_a_route_behind_the_match() =>
        Assert.Equal(0, Find(TestExchange.For("/a"), Match.Path("/a"), Match.When(_ => throw new FormatException())));

    [Fact]
    public void IndexedCount_counts_routes_with_a_host_or_a_path()
    {
        var indexed = new RouteTable(
        [
            Match.Host("a.example"),
            Match.Host("*.example", "b.example") | Match.Host("c.example"),
            Match.Path("/a") | (Match.Host("a.example") & Match.PathPrefix("/b")),
            Match.Method("GET") & Match.PathPattern("/users/{id}") & Match.When(_ => true),
            !!Match.Path("/a/*", ignoreCase: true),
            (Match.Host("a.example") | Match.Host("b.example")) & (Match.Path("/a") | Match.Path("/b")),
        ]);
        var asked = new RouteTable(
        [
            Match.Always,
            Match.Method("GET"),
            !Match.Host("a.example"),
            Match.Host("a.example") | Match.Method("GET"),
            Match.PathSuffix(".jpg"),
            Match.PathRegex("^/a"),
            Match.Host("*"),
            Match.Path("/*"),
            Match.PathPrefix("/"),
            Match.PathPattern("/{name}"),
        ]);

        Assert.Equal(6, indexed.IndexedCount);
        Assert.Equal(0, asked.IndexedCount);
    }

    [Fact]
    public void A_product_of_alternatives_beyond_reason_is_still_indexed_by_one_side()
    {
        var hosts = Match.Host([.. Enumerable.Range(0, 500).Select(i => $"h{i}.example")]);
        var paths = Enumerable.Range(0, 500).Select(i => Match.Path($"/p{i}")).Aggregate((left, right) => left | right);
        var table = new RouteTable([hosts & paths]);

        Assert.Equal(1, table.IndexedCount);
        Assert.Equal(0, table.Find(TestExchange.For("/p499", "h499.example")));
        Assert.Equal(-1, table.Find(TestExchange.For("/p500", "h499.example")));
    }

    [Fact]
    public void A_name_below_as_many_wildcards_as_names_have_labels_finds_its_route()
    {
        var name = string.Join('.', Enumerable.Repeat("a", 127));
        var wildcards = Enumerable.Range(1, 126).Select(labels => Match.Host("*" + name[^(2 * labels)..])).ToList();
        var table = new RouteTable([.. wildcards.Select(wildcard => wildcard & !Match.Always), Match.Host(name)]);

        Assert.Equal(126, table.Find(TestExchange.For("/", name)));
    }

    [Fact]
    public void A_host_far_longer_than_names_can_be_is_no_trouble()
    {
        var table = new RouteTable([Match.Host("*.example"), Match.Host("b.example")]);

        Assert.Equal(0, table.Find(TestExchange.For("/", string.Concat(Enumerable.Repeat("a.", 30_000)) + "example")));
        Assert.Equal(-1, table.Find(TestExchange.For("/", new string('.', 60_000))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Find_by_host_asks_one_route_however_many_there_are(int routes) =>
        Assert.Equal(1, Evaluations(routes, i => Match.Host($"h{i}.example"), i => TestExchange.For("/", $"h{i}.example")));

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Find_by_wildcard_host_asks_one_route_however_many_there_are(int routes) =>
        Assert.Equal(1, Evaluations(routes, i => Match.Host($"*.h{i}.example"), i => TestExchange.For("/", $"a.b.h{i}.example")));

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Find_by_path_asks_one_route_however_many_there_are(int routes)
    {
        Assert.Equal(1, Evaluations(routes, i => Match.Path($"/p{i}"), i => TestExchange.For($"/p{i}")));
        Assert.Equal(1, Evaluations(routes, i => Match.Path($"/p{i}/*"), i => TestExchange.For($"/p{i}/x")));
        Assert.Equal(1, Evaluations(routes, i => Match.PathPrefix($"/p{i}/"), i => TestExchange.For($"/p{i}/x")));
        Assert.Equal(1, Evaluations(routes, i => Match.Path($"/p{i}/*", ignoreCase: true), i => TestExchange.For($"/P{i}/x")));
        Assert.Equal(1, Evaluations(routes, i => Match.PathPattern($"/p{i}/{{id}}"), i => TestExchange.For($"/p{i}/x")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Find_by_alternatives_asks_one_route_however_many_there_are(int routes) => Assert.Equal(1, Evaluations(
        routes,
        i => (Match.Host($"a{i}.example") | Match.Host($"b{i}.example")) & (Match.Path("/x/*") | Match.Path("/y")),
        i => TestExchange.For("/y", $"b{i}.example")));

    /// <summary>The most conditions asked for any request, when each of many routes has its own.</summary>
    private static int Evaluations(int routes, Func<int, Condition> condition, Func<int, TestExchange> exchange)
    {
        var count = 0;
        var counted = Match.When(_ => ++count > 0);
        var table = new RouteTable([.. Enumerable.Range(0, routes).Select(i => counted & condition(i))]);
        var most = 0;
        for (var i = 0; i < routes; i++)
        {
            count = 0;
            Assert.Equal(i, table.Find(exchange(i)));
            most = Math.Max(most, count);
        }

        return most;
    }
}
