using ProxyKit.Regexes;
using System.Text;
using ProxyKit.Rules.Acls;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class RegexLiteralsTests
{
    [Theory]
    [InlineData("^/api/p17/[a-z]+/[0-9]+$", "/api/p17/", "/")]
    [InlineData("abc", "abc")]
    [InlineData("ab*c", "a", "c")]
    [InlineData("ab?c", "a", "c")]
    [InlineData("ab+?c", "ab", "c")]
    [InlineData("ab{0,3}?cd", "a", "cd")]
    [InlineData("a.c", "a", "c")]
    [InlineData("a(b|c)*d", "a", "d")]
    [InlineData("(?:ab)?c", "c")]
    [InlineData("a(?=b(c)d)e", "a", "e")]
    [InlineData("(?<!x)ab(?!c)", "ab")]
    [InlineData("\\.php\\d\\bx", ".php", "x")]
    [InlineData("[\\]a]b", "b")]
    [InlineData("[]a]b[^]c]", "b")]
    [InlineData("\\Qa|b\\Ec", "a|bc")]
    [InlineData("^(?P<name>a)b", "b")]
    [InlineData("a++b", "b")]
    [InlineData("café", "caf\u00e9")]
    [InlineData("a\\x41b", "aAb")]
    [InlineData("a(?#(b)c", "ac")]
    [InlineData("/a-b_c", "/a-b_c")]
    public void Literals_are_what_is_there_whatever_matches(string expression, params string[] literals) =>
        Assert.Equal(literals, Of(expression, ignoresCase: false));

    [Theory]
    [InlineData("ab|cd")]              // either
    [InlineData("(?i)abc")]            // options
    [InlineData("(?x)a#b")]
    [InlineData("ab(?i:c)")]
    [InlineData("(a)\\1b")]
    [InlineData("a{b")]                // a brace that is no quantifier
    [InlineData("(ab)")]
    [InlineData("[ab]+")]
    [InlineData("a?")]
    [InlineData("")]
    public void Expressions_of_which_that_is_not_sure_have_none(string expression) => Assert.Empty(Of(expression, ignoresCase: false));

    [Fact]
    public void Literals_in_any_case_are_in_lower_case_and_of_ascii() =>
        Assert.Equal(["abc", "d"], Of("aBC\u00c9D", ignoresCase: true));

    [Fact]
    public void The_literal_that_the_fewest_share_is_chosen()
    {
        var chosen = RegexLiterals.Choose(
            [Parsed("^/shared/[a-z]+/x1"), Parsed("^/shared/[a-z]+/x2"), Parsed("^/shared/"), Parsed("(y)")], ignoresCase: false);

        Assert.Equal("/x1 /x2 /shared/ -", string.Join(' ', chosen.Select(literal => literal is null ? "-" : Encoding.Latin1.GetString(literal))));
    }

    private static RuleRegex Parsed(string expression) => RuleRegex.Parse(expression, ignoresCase: false);

    private static IEnumerable<string> Of(string expression, bool ignoresCase) =>
        RegexLiterals.Of(RuleRegex.Parse(Encoding.Latin1.GetBytes(expression), ignoresCase).Source, ignoresCase).Select(Encoding.Latin1.GetString);
}
