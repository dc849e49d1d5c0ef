using System.Diagnostics;
using ProxyKit.Rules.Acls;
using static ProxyKit.Tests.Rules.Acls.AclLanguage;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class RegexMatchTests
{
    [Theory]
    [InlineData("^a.c$", "abc", true)]
    [InlineData("^a.c$", "Abc", false)]
    [InlineData("-i ^A.c$", "aBc", true)]
    [InlineData("b", "abc", true)]
    [InlineData("x y b z", "abc", true)]
    [InlineData("x y z w", "abc", false)]
    [InlineData("(a)\\1", "aa", true)]            // a back-reference
    [InlineData("a(?=b)", "ab", true)]            // look-around
    [InlineData("a(?=b)", "ac", false)]
    [InlineData("1 2 (?=b)b 4 5", "ab", true)]    // among others that could be joined
    [InlineData("1 2 (?#c)b 4 5 #", "ab", true)]
    [InlineData("(?x)a#c 2 3 4 zz", "zz", true)]
    [InlineData("a|b c|d e|f g|h", "d", true)]
    public void Reg_searches(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Match.Parse([.. "{ x -m reg".Split(' '), .. patterns.Split(' '), "}"], null, Create())
            .Compile(new()).Holds(Exchange(value)));

    [Theory]
    [InlineData("^[[:alpha:]]+$", "abc", true)]
    [InlineData("^[[:alpha:]]+$", "ab1", false)]
    [InlineData("^[^[:space:][:digit:]]+$", "ab", true)]
    [InlineData("^[^[:space:][:digit:]]+$", "a1", false)]
    [InlineData("^[]a]+$", "]a]", true)]
    [InlineData("^[^]a]+$", "]", false)]
    [InlineData("^[a-z-[]+$", "a[-", true)]
    [InlineData("^[a-z-[aeiou]]+$", "b]", true)]    // no subtraction: a class, then brackets
    [InlineData("^[\\w.]+$", "a_1.", true)]
    [InlineData("^[\\W]+$", "-.", true)]
    [InlineData("^[\\S]+$", "a b", false)]
    [InlineData("^[\\D]+$", "a1", false)]
    [InlineData("^\\w+$", "caf\u00e9", false)]      // ASCII alone
    [InlineData("^\\d+\\s\\D$", "12 x", true)]
    [InlineData("^\\S+\\h\\W$", "ab -", true)]
    [InlineData("\\Qa.b\\E$", "a.b", true)]
    [InlineData("\\Qa.b\\E$", "axb", false)]
    [InlineData("^\\Qa.b", "a.bc", true)]
    [InlineData("^(?P<name>a+)b$", "aab", true)]
    [InlineData("^a++ab$", "aaab", false)]          // possessive: nothing is given back
    [InlineData("^a++b$", "aaab", true)]
    [InlineData("^(ab)*+c$", "ababc", true)]
    [InlineData("^[ab]{1,2}+b$", "ab", false)]
    [InlineData("^a+?b*?c??$", "aab", true)]
    [InlineData("^a{2}$", "aa", true)]
    [InlineData("^a{$", "a{", true)]                // no quantifier
    [InlineData("a\\_b", "a_b", true)]
    [InlineData("^\\/x\\.y$", "/x.y", true)]
    [InlineData("^[[:nosuch:]]", ":]", true)]
    public void Expressions_are_in_the_syntax_of_pcre(string expression, string text, bool found) =>
        Assert.Equal(found, RuleRegex.Parse(expression, false).IsFoundIn(System.Text.Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("[")]
    [InlineData("(")]
    [InlineData("a)")]
    [InlineData("*a")]
    [InlineData("(?<a")]
    [InlineData("\\")]
    [InlineData("[z-a]")]
    [InlineData("a{2,1}")]
    [InlineData("[[:alpha:")]
    [InlineData("(?P<1a>x)")]
    public void Expressions_that_are_none_are_refused(string expression)
    {
        var fault = Assert.Throws<ProxyKit.Rules.RuleFaultException>(() => RuleRegex.Parse(expression, false));
        Assert.StartsWith($"regex '{expression}' is invalid (error=", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Expressions_that_need_no_way_back_take_linear_time()
    {
        Assert.True(RuleRegex.Parse("^(a+)+$", false).IsLinear);
        Assert.True(RuleRegex.Parse("[[:alpha:]]\\w+(?:a|b){2,5}", true).IsLinear);
        Assert.False(RuleRegex.Parse("(a+)\\1", false).IsLinear);
    }

    [Fact]
    public void An_expression_that_runs_away_ends_and_does_not_match()
    {
        var expression = RuleRegex.Parse("^(?=b|)(a+)+\\1$", false);
        var watch = Stopwatch.StartNew();

        Assert.False(expression.IsFoundIn(System.Text.Encoding.ASCII.GetBytes(new string('a', 40) + "!")));
        Assert.Null(expression.FindIn(System.Text.Encoding.ASCII.GetBytes(new string('a', 40) + "!")));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Text_longer_than_the_stack_has_room_for_is_searched() =>
        Assert.True(RuleRegex.Parse("ab$", false).IsFoundIn(System.Text.Encoding.ASCII.GetBytes(new string('x', 5_000) + "ab")));
}
