using System.Text.RegularExpressions;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Tests.Rules.Actions;

/// <summary>Actions read the regular expressions that conditions read.</summary>
public sealed class RegexActionTests
{
    [Theory]
    [InlineData("^/[[:alpha:]]+$", "/abc", "/x")]
    [InlineData("^/[[:alpha:]]+$", "/a1", "/a1")]
    [InlineData(@"^/a++b", "/aab", "/x")]
    [InlineData(@"^/\Qa.b\E$", "/a.b", "/x")]
    [InlineData(@"^/\Qa.b\E$", "/axb", "/axb")]
    [InlineData("^/(?P<name>a)$", "/a", "/x")]
    [InlineData("^/(?!private)", "/public", "/x")]
    [InlineData("^/(?!private)", "/private", "/private")]
    [InlineData(@"^/(\w)\1$", "/aa", "/x")]
    public void Expressions_of_actions_are_in_the_syntax_of_pcre(string regex, string path, string result)
    {
        Assert.Equal(result, Target(RuleActions.ReplacePath(regex, "/x")));
        Assert.Equal(result, Target(RuleActions.ReplacePathAndQuery(regex, "/x")));
        Assert.Equal(result, Target(RuleActions.ReplaceUri(regex, "/x")));
        Assert.Equal(result, Field(RuleActions.ReplaceHeader("X", regex, "/x")));
        Assert.Equal(result, Field(RuleActions.ReplaceValue("X", regex, "/x")));

        string Target(RuleAction action) => ActionRun.OnRequest(TestExchange.For(path), action).Exchange.Request.Target;
        string? Field(RuleAction action) => ActionRun.OnRequest(TestExchange.With($"X: {path}"), action).Exchange.Request.Headers["x"];
    }

    [Fact]
    public void Groups_of_an_expression_in_that_syntax_are_put_in() => Assert.Equal("/ab/c", ActionRun.OnRequest(
        TestExchange.For("/c-ab"), RuleActions.ReplacePath("^/(?P<last>[[:alpha:]])-([[:alpha:]]++)$", @"/\2/\1")).Exchange.Request.Target);

    [Theory]
    [InlineData("^x-[[:digit:]]+$", "x-1", true)]
    [InlineData("^x-[[:digit:]]+$", "x-d", false)]
    [InlineData("^x-(?!keep)", "x-drop", true)]
    [InlineData("^x-(?!keep)", "x-keep", false)]
    public void Names_of_fields_to_remove_are_found_by_the_same_syntax(string regex, string name, bool removed) => Assert.Equal(
        removed ? null : "1",
        ActionRun.OnRequest(TestExchange.With($"{name}: 1"), RuleActions.DelHeader(regex, HeaderNameMatch.Regex)).Exchange.Request.Headers[name]);

    [Theory]
    [InlineData("[")]
    [InlineData("(")]
    [InlineData("")]
    public void What_is_no_expression_is_refused(string regex)
    {
        Assert.ThrowsAny<ArgumentException>(() => RuleActions.ReplacePath(regex, "/x"));
        Assert.ThrowsAny<ArgumentException>(() => RuleActions.ReplaceHeader("X", regex, "x"));
        Assert.ThrowsAny<ArgumentException>(() => RuleActions.DelHeader(regex, HeaderNameMatch.Regex));
    }

    [Fact]
    public void An_expression_that_runs_away_ends_the_exchange() => Assert.Throws<RegexMatchTimeoutException>(() => ActionRun.OnRequest(
        TestExchange.For("/" + new string('a', 40) + "!"), RuleActions.ReplacePath("^/(?=b|)(a+)+\\1$", "/x")));
}
