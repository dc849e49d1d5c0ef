using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

public sealed class RuleAllocationTests
{
    private static readonly TestExchange Exchange = TestExchange.Of(
        "GET /cart/1/items?uid=1&id=2 HTTP/1.1", "Host: API.shop.example:8080", "User-Agent: curl/8.1", "Cookie: a=1; beta=on",
        "X-Plan: silver, \"gold, maybe\", gold", "Accept: */*").From("::ffff:10.1.2.3");

    public static TheoryData<Condition> Conditions =>
    [
        Match.Always,
        Match.Secure,
        Match.Method("POST", "GET"),
        Match.Method("PURGE"),
        Match.Host("api.shop.example", "*.b.example"),
        Match.HostSuffix(".example"),
        Match.Path("/cart/1/items"),
        Match.Path("/CART/*", ignoreCase: true),
        Match.PathPrefix("/cart"),
        Match.PathSuffix("S", ignoreCase: true),
        Match.PathRegex("/[0-9]+/"),
        Match.PathPattern("/cart/{id}/{*rest}"),
        Match.Header("X-Plan"),
        Match.Header("x-plan", "gold"),
        Match.HeaderContains("User-Agent", "URL", ignoreCase: true),
        Match.HeaderPrefix("Accept", "*"),
        Match.HeaderRegex("X-Plan", "^g"),
        Match.Query("id", "2"),
        Match.Cookie("beta", "ON", ignoreCase: true),
        Match.Source("2001:db8::/32", "10.0.0.0/8"),
        (Match.Host("api.shop.example") & Match.Path("/cart/*")) | !Match.Method("GET"),
    ];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Holds_allocates_nothing(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);

        AssertAllocatesNothing(() => condition.Holds(Exchange));
    }

    [Fact]
    public void Find_allocates_nothing()
    {
        var table = new RouteTable(
        [
            .. Enumerable.Range(0, 1_000).Select(i => Match.Host($"h{i}.example") & Match.Path($"/p{i}/*")),
            Match.Host("*.shop.example") & Match.Path("/catalog/*"),
            Match.Host("*.example") & Match.PathPrefix("/CART", ignoreCase: true) & Match.Method("POST"),
            Match.PathSuffix(".jpg"),
            Match.Path("/cart/*") | Match.Host("api.shop.example"),
        ]);

        Assert.Equal(1_003, table.Find(Exchange));
        AssertAllocatesNothing(() => table.Find(Exchange));
    }

    private static void AssertAllocatesNothing<T>(Func<T> action)
    {
        for (var i = 0; i < 100; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            action();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
