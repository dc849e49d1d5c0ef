namespace ProxyKit.Tests.Rules;

public sealed class CookieConditionTests
{
    [Theory]
    [InlineData("Cookie: beta=on", true)]
    [InlineData("Cookie: a=1; beta=on", true)]
    [InlineData("cookie: a=1;beta = on ; c=2", true)]
    [InlineData("Cookie: beta=", true)]
    [InlineData("Cookie: alphabeta=on", false)]
    [InlineData("Cookie: betax=on", false)]
    [InlineData("Cookie: Beta=on", false)]
    [InlineData("Cookie: beta", false)]
    [InlineData("Cookie: a=beta=on", false)]
    [InlineData("Cookie:", false)]
    [InlineData("X-Cookie: beta=on", false)]
    public void Cookie_holds_when_one_has_the_name(string field, bool holds) =>
        Assert.Equal(holds, Match.Cookie("beta").Holds(TestExchange.With(field)));

    [Theory]
    [InlineData("Cookie: beta=on", true)]
    [InlineData("Cookie: beta=off; beta=on", true)]
    [InlineData("Cookie: beta=\"on\"", false)]
    [InlineData("Cookie: beta=on1", false)]
    [InlineData("Cookie: beta=On", false)]
    public void Cookie_with_a_value_holds_when_one_of_the_name_has_it(string field, bool holds) =>
        Assert.Equal(holds, Match.Cookie("beta", "on").Holds(TestExchange.With(field)));

    [Fact]
    public void Cookie_looks_at_every_line() =>
        Assert.True(Match.Cookie("beta", "on").Holds(TestExchange.Of("GET / HTTP/1.1", "Host: a", "Cookie: a=1", "Cookie: beta=on")));

    [Fact]
    public void Cookie_compares_the_value_without_case_when_told() =>
        Assert.True(Match.Cookie("beta", "on", ignoreCase: true).Holds(TestExchange.With("Cookie: beta=ON")));

    [Theory]
    [InlineData("")]
    [InlineData("a=b")]
    [InlineData("a;b")]
    public void Cookie_refuses_what_is_no_name(string name) => Assert.Throws<ArgumentException>(nameof(name), () => Match.Cookie(name));

    [Theory]
    [InlineData("a;b")]
    [InlineData(" a")]
    [InlineData("ä")]
    public void Cookie_refuses_values_that_are_never_found(string value) =>
        Assert.Throws<ArgumentException>(nameof(value), () => Match.Cookie("beta", value));
}
