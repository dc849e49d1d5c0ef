namespace ProxyKit.Tests.Rules;

public sealed class QueryConditionTests
{
    [Theory]
    [InlineData("/?id=1", true)]
    [InlineData("/?uid=1&id=2", true)]
    [InlineData("/?id", true)]
    [InlineData("/?id=", true)]
    [InlineData("/?&&id&", true)]
    [InlineData("/?uid=1", false)]
    [InlineData("/?idx=1", false)]
    [InlineData("/?x=id", false)]
    [InlineData("/?ID=1", false)]
    [InlineData("/?", false)]
    [InlineData("/id=1", false)]
    public void Query_holds_when_a_parameter_has_the_name(string target, bool holds) =>
        Assert.Equal(holds, Match.Query("id").Holds(TestExchange.For(target)));

    [Theory]
    [InlineData("/?id=2", true)]
    [InlineData("/?uid=1&id=2", true)]
    [InlineData("/?id=1&id=2", true)]
    [InlineData("/?uid=2&id=1", false)]
    [InlineData("/?id=22", false)]
    [InlineData("/?id=%32", false)]
    [InlineData("/?id", false)]
    public void Query_with_a_value_holds_when_one_of_the_name_has_it(string target, bool holds) =>
        Assert.Equal(holds, Match.Query("id", "2").Holds(TestExchange.For(target)));

    [Theory]
    [InlineData("/?id=", true)]
    [InlineData("/?id", true)]
    [InlineData("/?id&x", true)]
    [InlineData("/?id=1", false)]
    [InlineData("/", false)]
    public void Query_with_an_empty_value_holds_for_a_bare_name_too(string target, bool holds) =>
        Assert.Equal(holds, Match.Query("id", "").Holds(TestExchange.For(target)));

    [Fact]
    public void Query_value_may_have_equals_signs() => Assert.True(Match.Query("q", "a=b==").Holds(TestExchange.For("/?q=a=b==")));

    [Fact]
    public void Query_compares_the_value_without_case_when_told()
    {
        Assert.True(Match.Query("q", "On", ignoreCase: true).Holds(TestExchange.For("/?q=oN")));
        Assert.False(Match.Query("q", "On", ignoreCase: true).Holds(TestExchange.For("/?Q=on")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=b")]
    [InlineData("a&b")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void Query_refuses_what_is_no_name(string name) => Assert.Throws<ArgumentException>(nameof(name), () => Match.Query(name));

    [Theory]
    [InlineData("a&b")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void Query_refuses_values_that_are_never_found(string value) =>
        Assert.Throws<ArgumentException>(nameof(value), () => Match.Query("id", value));
}
