using ProxyKit.Billing;

namespace ProxyKit.Tests.Billing;

public sealed class PriceListTests
{
    [Theory]
    [InlineData("""{ "client": "acme", "plan": "p" }""", """{ "client": "acme", "plan": "p", "tier": "gold" }""")]
    [InlineData("""{ "client": "acme", "plan": "p", "tier": "gold" }""", """{ "client": "acme", "plan": "p" }""")]
    [InlineData("""{ "client": "a\nb", "plan": "p" }""", """{ "client": "a\\x0ab", "plan": "p" }""")]
    [InlineData("""{ "client": "acme", "plan": "p", "until": "2026-11-02" }""", """{ "client": "acme", "plan": "p", "from": "2026-11-01" }""")]
    public void Subscriptions_that_would_charge_some_usage_twice_are_refused(string one, string other)
    {
        var fault = Assert.Throws<FormatException>(() => Parse(one, other));

        Assert.Contains("charged twice", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "client": "acme", "plan": "p", "tier": "silver" }""", """{ "client": "acme", "plan": "p", "tier": "gold" }""")]
    [InlineData("""{ "client": "acme", "plan": "p" }""", """{ "client": "zeta", "plan": "p" }""")]
    [InlineData("""{ "client": "acme", "plan": "p", "until": "2026-11-01" }""", """{ "client": "acme", "plan": "p", "from": "2026-11-01" }""")]
    public void Subscriptions_that_charge_other_usage_are_taken(string one, string other) => Assert.Equal(2, Parse(one, other).Subscriptions.Count);

    private static PriceList Parse(params string[] subscriptions) =>
        PriceList.Parse($$"""{ "plans": [ { "name": "p" } ], "subscriptions": [ {{string.Join(", ", subscriptions)}} ] }""");
}
