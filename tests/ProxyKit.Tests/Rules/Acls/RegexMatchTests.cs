using System.Diagnostics;
using System.Text.RegularExpressions;
using ProxyKit.Regexes;
using static ProxyKit.Tests.Rules.Acls.AclLanguage;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class RegexMatchTests
{
    private const string RunsAway = "(?=a|)(a+)+\\1$";

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
    [InlineData("^a(?#note)+b$", "aab", true)]
    [InlineData("^\\Qab\\E+$", "abb", true)]
    [InlineData("^\\x41\\x{42}\\103$", "ABC", true)]
    [InlineData("^a\\Rb$", "a\r\nb", true)]
    [InlineData("^(?P<x>a)(?P=x)+$", "aaa", true)]
    [InlineData("^\\cA[\\cb]$", "\u0001\u0002", true)]
    public void Expressions_are_in_the_syntax_of_pcre(string expression, string text, bool found) =>
        Assert.Equal(found, RuleRegex.Parse(expression, false).IsFoundIn(System.Text.Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("(?P<x>a)-(b)", "a", "b")]
    [InlineData("(?<x>a)-(?<y_1>b)", "a", "b")]
    [InlineData("(?<=)(a)-(?<x>(?<!z)b)", "a", "b")]
    [InlineData("((?P<x>a))-b", "a", "a")]
    public void Groups_are_counted_from_the_left_with_a_name_or_without(string expression, string first, string second)
    {
        var groups = RuleRegex.Parse(expression, false).FindIn("a-b"u8)!.Groups;

        Assert.Equal((first, second), (groups[1].Value, groups[2].Value));
    }

    [Theory]
    [InlineData("^caf\u00e9$", "CAF\u00e9", true)]
    [InlineData("^caf\u00e9$", "caf\u00c9", false)] // the case of ASCII alone
    [InlineData("^(a)\\1$", "aA", true)]
    [InlineData("^(?<x>a)\\k<x>$", "aA", true)]
    public void The_case_of_letters_may_be_ignored(string expression, string text, bool found) =>
        Assert.Equal(found, RuleRegex.Parse(expression, true).IsFoundIn(System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("(?i)^[^a]$", "a", false)]
    [InlineData("(?i)^[^a]$", "A", false)]
    [InlineData("(?i)^[^a]$", "b", true)]
    [InlineData("^(?i:[^a])$", "A", false)]
    [InlineData("^(?i:[^a])[^a]$", "bA", true)]         // the flag is the group's
    [InlineData("^((?i)[^a])[^a]$", "bA", true)]
    [InlineData("^(?i)[^a](?-i)[^a]$", "bA", true)]
    [InlineData("^(?i)([^a]|(?-i:x))[^a]$", "xA", false)]
    [InlineData("^(?s-i:[^a])$", "A", true)]
    [InlineData("^(?i)[^[:upper:]]$", "a", false)]
    [InlineData("^(?i)[b-d]\\x41$", "Ca", true)]
    [InlineData("^(?i)\u00e9$", "\u00c9", false)]       // of ASCII alone
    [InlineData("^(?i)[\u00e9]{2}$", "\u00c9\u00e9", false)]
    public void The_case_of_letters_may_be_ignored_in_a_part(string expression, string text, bool found) => Assert.Equal(
        found, RuleRegex.Parse(System.Text.Encoding.Latin1.GetBytes(expression), false).IsFoundIn(System.Text.Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void A_group_may_be_referred_to_by_its_name() => Assert.True(RuleRegex.Parse(@"^(?<x>a)\k<x>$", false).IsFoundIn("aa"u8));

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
    [InlineData("^[[:nosuch:]]")]
    [InlineData("(?P<1a>x)")]
    [InlineData("[\\Qab\\E]")]
    [InlineData("[\\y]")]
    [InlineData("[\\N]")]
    [InlineData("[\\x{100}]")]
    [InlineData("[a-\\d]")]
    [InlineData("[\\w-x]")]
    [InlineData("[[:alpha:]-z]")]
    public void Expressions_that_are_none_are_refused(string expression)
    {
        var fault = Assert.Throws<FormatException>(() => RuleRegex.Parse(expression, false));
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
    public void An_expression_that_runs_away_is_cut_off_and_says_so()
    {
        var expression = RuleRegex.Parse(RunsAway, false);
        var text = new string('a', 40) + "!";
        var watch = Stopwatch.StartNew();

        var fault = Assert.Throws<RegexMatchTimeoutException>(() => expression.IsFoundIn(System.Text.Encoding.ASCII.GetBytes(text)));
        Assert.Equal($"the search for regex '{RunsAway}' took more than 100 ms", fault.Message);
        Assert.DoesNotContain(text, fault.ToString(), StringComparison.Ordinal); // a log may get it
        Assert.Throws<RegexMatchTimeoutException>(() => expression.FindIn(System.Text.Encoding.ASCII.GetBytes(text)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("")]
    [InlineData("! ")]
    public void A_condition_whose_expression_runs_away_is_neither_true_nor_false(string not)
    {
        var condition = Match.Parse($"{not}{{ x -m reg {RunsAway} }}".Split(' '), null, Create()).Compile(new());

        Assert.Throws<RegexMatchTimeoutException>(() => condition.Holds(Exchange(new string('a', 40) + "!")));
    }

    [Theory]
    [InlineData("map_reg({0},otherwise)")]
    [InlineData("map_regm({0},otherwise)")]
    [InlineData("map_reg_key({0})")]
    public void A_map_whose_expression_runs_away_has_no_value(string converter)
    {
        using var map = new TempFile($"{RunsAway} \\1\n");
        var context = TestExchange.For("/" + new string('a', 40) + "!").Context;
        var sample = default(ProxyKit.Rules.Samples.Sample);

        Assert.False(Value.Parse("path," + converter.Replace("{0}", map.Path, StringComparison.Ordinal)).Compile(new()).TryEvaluate(context, ref sample));
    }

    [Fact]
    public void Text_longer_than_the_stack_has_room_for_is_searched() =>
        Assert.True(RuleRegex.Parse("ab$", false).IsFoundIn(System.Text.Encoding.ASCII.GetBytes(new string('x', 5_000) + "ab")));
}
