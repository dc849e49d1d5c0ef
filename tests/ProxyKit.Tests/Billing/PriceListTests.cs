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

    [Theory]
    [InlineData("plans[0]", """{ "plans": [ null ] }""")]
    [InlineData("subscriptions[1]", """{ "plans": [ { "name": "p" } ], "subscriptions": [ { "client": "acme", "plan": "p" }, null ] }""")]
    [InlineData("plans[1].prices[0]", """{ "plans": [ { "name": "p" }, { "name": "q", "prices": [ null ] } ] }""")]
    [InlineData("plans[0].prices[1].bands[0]", """{ "plans": [ { "name": "p", "prices": [ { "meter": "a" }, { "meter": "b", "bands": [ null ] } ] } ] }""")]
    public void Entry_that_is_null_is_told_with_its_place(string place, string json)
    {
        var fault = Assert.Throws<FormatException>(() => PriceList.Parse(json));

        Assert.Contains($": {place}: ", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Whichever of the two were taken, the other would be left out without a word.</summary>
    [Theory]
    [InlineData("line 1, plans[0].flatFee: there is more than one 'flatFee'.", """{ "plans": [ { "name": "p", "flatFee": 49, "flatFee": 0 } ] }""")]
    [InlineData("line 1, subscriptions: there is more than one 'subscriptions'.", """{ "plans": [], "subscriptions": [], "subscriptions": [] }""")]
    public void Member_that_is_there_twice_is_told_with_its_place(string told, string json)
    {
        var fault = Assert.Throws<FormatException>(() => PriceList.Parse(json));

        Assert.Equal($"The price list cannot be read: {told}", fault.Message);
    }

    [Fact]
    public void Month_that_has_no_day_behind_it_is_none()
    {
        Assert.Equal(new DateOnly(9999, 12, 1), BillingPeriod.Month(9999, 11).Until);
        Assert.Throws<ArgumentOutOfRangeException>(() => BillingPeriod.Month(9999, 12));
    }

    private static PriceList Parse(params string[] subscriptions) =>
        PriceList.Parse($$"""{ "plans": [ { "name": "p" } ], "subscriptions": [ {{string.Join(", ", subscriptions)}} ] }""");
}
