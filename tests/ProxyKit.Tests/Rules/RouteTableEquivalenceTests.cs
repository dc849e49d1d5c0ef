using ProxyKit.Http;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

/// <summary>The index may only leave out routes that cannot match: whatever the rules, asking all routes in turn is the truth.</summary>
public sealed class RouteTableEquivalenceTests
{
    // Few and related, so that rules overlap and requests hit them.
    private static readonly string[] HostPatterns =
        ["a.example", "b.example", "a.b.example", "xa.example", "*.example", "*.b.example", "*.a.b.example", "example", "*", "[::1]"];

    private static readonly string[] Hosts =
    [
        "a.example", "B.Example:80", "a.b.example.", "x.a.b.example", "xa.example", "example", ".example", "other", "", "[::1]:80",
        "..example", "a.exampl", "za.b.example",
    ];

    private static readonly string[] Paths =
    [
        "/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/ab", "/abc", "/abc/d", "/A", "/A/B", "/aB/c", "/b", "//", "//a", "/a//b", "/*", "*",
        "/a%2fb", "/abcdefgh", "/abcdefgh/i",
    ];

    private static readonly string[] Literals = ["/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/abc", "/abcdefgh", "/A", "/b", "//", "/a//b"];

    private static readonly string[] Patterns = ["/{x}", "/a/{x}", "/{x}/b", "/a/{*rest}", "/{*rest}", "/a/{x}/{*rest}", "/a/b", "/"];

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 8)]
    [InlineData(3, 40)]
    [InlineData(4, 200)]
    public void Find_equals_asking_every_route_in_turn(int seed, int maxRoutes)
    {
        var random = new Random(seed);
        var exchanges = (
            from host in Hosts
            from path in Paths
            from method in path == "*" ? (string[])["OPTIONS"] : ["GET", "POST"]
            select TestExchange.Of($"{method} {path} HTTP/1.1", $"Host: {host}")).ToArray();

        for (var round = 0; round < 20_000 / maxRoutes; round++)
        {
            var routes = Enumerable.Range(0, random.Next(1, maxRoutes + 1)).Select(_ => RandomCondition(random, depth: 3)).ToArray();
            var table = new RouteTable(routes);
            for (var i = 0; i < 40; i++)
            {
                var exchange = exchanges[random.Next(exchanges.Length)];
                var expected = Array.FindIndex(routes, route => route.Holds(exchange));

                Assert.True(
                    expected == table.Find(exchange),
                    $"{exchange.Request.Target} of '{exchange.Request.Host}': expected {expected}, found {table.Find(exchange)} in\n"
                    + string.Join('\n', routes.Select((route, index) => $"{index}: {route}")));
            }
        }
    }

    [Fact]
    public void Find_asks_predicates_in_the_order_of_asking_every_route_in_turn()
    {
        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var asked = new List<int>();
            var routes = Enumerable.Range(0, 20).Select(route => RandomCondition(random, depth: 2) & Match.When(_ =>
            {
                asked.Add(route);
                return false;
            })).ToArray();
            var exchange = TestExchange.For(Paths[random.Next(Paths.Length)], Hosts[random.Next(Hosts.Length)]);

            Assert.Equal(-1, Array.FindIndex(routes, route => route.Holds(exchange)));
            var expected = asked.ToList();
            asked.Clear();
            Assert.Equal(-1, new RouteTable(routes).Find(exchange));

            Assert.Equal(expected, asked);
        }
    }

    private static Condition RandomCondition(Random random, int depth) => (depth == 0 ? random.Next(8) : random.Next(14)) switch
    {
        0 => Match.Host(Any(HostPatterns, random)),
        1 => Match.Host(Any(HostPatterns, random), Any(HostPatterns, random)),
        2 => Match.Path(Any(Literals, random), AnyCase(random)),
        3 => Match.Path(Any(Literals, random).TrimEnd('/') + "/*", AnyCase(random)),
        4 => Match.PathPrefix(Any(Literals, random), AnyCase(random)),
        5 => Match.PathPattern(Any(Patterns, random), AnyCase(random)),
        6 => Match.PathSuffix("b", AnyCase(random)),
        7 => Match.Method("POST"),
        8 or 9 or 10 => RandomCondition(random, depth - 1) & RandomCondition(random, depth - 1),
        11 or 12 => RandomCondition(random, depth - 1) | RandomCondition(random, depth - 1),
        _ => !RandomCondition(random, depth - 1),
    };

    private static string Any(string[] values, Random random) => values[random.Next(values.Length)];

    private static bool AnyCase(Random random) => random.Next(3) == 0;
}
