namespace ProxyKit.Tests.Rules;

public sealed class MethodConditionTests
{
    [Theory]
    [InlineData("GET", true)]
    [InlineData("POST", true)]
    [InlineData("PURGE", true)]
    [InlineData("HEAD", false)]
    [InlineData("BREW", false)]
    [InlineData("get", false)]
    [InlineData("PURGED", false)]
    public void Method_holds_for_exactly_the_listed_ones(string method, bool holds) =>
        Assert.Equal(holds, Match.Method("GET", "POST", "PURGE").Holds(TestExchange.Of($"{method} / HTTP/1.1", "Host: a")));

    [Fact]
    public void Method_of_unknown_name_only_does_not_hold_for_every_unknown_one() =>
        Assert.False(Match.Method("PURGE").Holds(TestExchange.Of("BREW / HTTP/1.1", "Host: a")));

    [Theory]
    [InlineData("get", "write GET")]
    [InlineData("", "empty")]
    [InlineData("GE T", "characters that names are never sent with")]
    public void Method_refuses_what_no_client_sends(string method, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>("methods", () => Match.Method(method)).Message, StringComparison.Ordinal);

    [Fact]
    public void Method_refuses_an_empty_list() => Assert.Throws<ArgumentException>("methods", () => Match.Method());
}
