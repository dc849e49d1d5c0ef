using ProxyKit.Frontends;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules;
using static ProxyKit.Tests.Rules.Acls.AclLanguage;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class ConditionParserTests
{
    private static readonly TestExchange Get = Exchange("a");

    private static Condition? Acls(string name) => name switch
    {
        "yes" => Match.Named("yes", Match.ParseAcl(["is(1)"], Create())),
        "no" => Match.Named("no", Match.ParseAcl(["is(0)"], Create())),
        "HTTP_1.0" => Match.Named("HTTP_1.0", Match.ParseAcl(["is(1)"], Create())),
        _ => null,
    };

    [Theory]
    [InlineData("TRUE", true)]
    [InlineData("FALSE", false)]
    [InlineData("yes yes", true)]
    [InlineData("yes no", false)]
    [InlineData("no or yes", true)]
    [InlineData("no || no", false)]
    [InlineData("yes no or yes", true)]   // (yes and no) or yes
    [InlineData("yes or no no", true)]
    [InlineData("no yes or yes no", false)]
    [InlineData("!no", true)]
    [InlineData("! no", true)]
    [InlineData("!!no", false)]
    [InlineData("! ! yes", true)]
    [InlineData("!yes or yes", true)]
    [InlineData("!no yes", true)]
    [InlineData("{ x a }", true)]
    [InlineData("{ x b }", false)]
    [InlineData("!{ x b }", true)]
    [InlineData("! { x a }", false)]
    [InlineData("{ x a } !{ x b } yes", true)]
    [InlineData("{ x b } or { x a }", true)]
    [InlineData("{ xmissing } or TRUE", false)]
    [InlineData("HTTP_1.0", true)]         // a proxy's own comes before the predefined one
    public void Terms_are_combined(string text, bool holds)
    {
        if (text.Contains("xmissing", StringComparison.Ordinal))
        {
            Assert.Throws<RuleFaultException>(() => Condition(text, acls: Acls));
            return;
        }

        Assert.Equal(holds, Condition(text, acls: Acls).Holds(Get));
        Assert.Equal(!holds, (!Condition(text, acls: Acls)).Holds(Get));
    }

    [Theory]
    [InlineData("", "a condition is missing")]
    [InlineData("nosuch", "no such ACL : 'nosuch'")]
    [InlineData("yes nosuch", "no such ACL : 'nosuch'")]
    [InlineData("Yes", "no such ACL : 'Yes'")]
    [InlineData("{ x a", "missing closing '}' in condition")]
    [InlineData("{ x a}", "missing closing '}' in condition")]
    [InlineData("{x a }", "no such ACL : '{x'")]
    [InlineData("{ }", "missing fetch method in ACL expression ''")]
    [InlineData("yes }", "no such ACL : '}'")]
    [InlineData("{ x a } }", "no such ACL : '}'")]
    [InlineData("{ nosuch a }", "unknown fetch method 'nosuch' in ACL expression 'nosuch'")]
    [InlineData("or yes", "a term is missing before 'or' in condition")]
    [InlineData("yes or", "a term is missing after 'or' in condition")]
    [InlineData("yes ||", "a term is missing after '||' in condition")]
    [InlineData("yes or or no", "a term is missing before 'or' in condition")]
    [InlineData("!", "a term is missing after '!' in condition")]
    [InlineData("! or yes", "a term is missing after '!' in condition")]
    [InlineData("!nosuch", "no such ACL : 'nosuch'")]
    [InlineData("'unclosed", "unmatched quote in ''unclosed'")]
    [InlineData("{ x \\xZ1 }", "truncated or invalid hexadecimal sequence")]
    [InlineData("\\x4", "truncated or invalid hexadecimal sequence")]
    public void What_is_no_condition_is_refused_with_its_reason(string text, string fault) =>
        Assert.Equal(fault, Assert.Throws<RuleFaultException>(() => Condition(text, acls: Acls)).Message);

    [Theory]
    [InlineData("", 0)]
    [InlineData("yes nosuch", 1)]
    [InlineData("yes ! nosuch", 2)]
    [InlineData("yes { nosuch a }", 2)]
    [InlineData("yes { x a", 1)]
    [InlineData("yes or or no", 2)]
    [InlineData("yes or", 2)]
    [InlineData("yes !", 2)]
    public void A_fault_says_which_word_it_is_about(string text, int word) =>
        Assert.Equal(word, Assert.Throws<RuleFaultException>(() => Condition(text, acls: Acls)).Word);

    [Theory]
    [InlineData("yes !no")]
    [InlineData("yes or { x a b }")]
    [InlineData("yes no or TRUE")]
    [InlineData("{ x a }")]
    [InlineData("!{ x -m beg -i 'a b' } yes or !no { x -- -z }")]
    public void A_condition_reads_as_it_was_written(string text) =>
        Assert.Equal(text, Match.Parse(ConditionText.Split(text), Acls, Create()).ToString());

    [Fact]
    public void What_HAProxy_has_no_words_for_reads_as_a_sentence()
    {
        var x = Match.Parse(["{", "x", "a", "}"], null, Create());
        var y = Match.Named("y", x);

        Assert.Equal("({ x a } or y) and y", ((x | y) & y).ToString());
        Assert.Equal("not (y y)", (!(y & y)).ToString());
        Assert.Equal("{ x a } and path is /a", (x & Match.Path("/a")).ToString());
        Assert.Equal("two words and y", (Match.Named("two words", x) & y).ToString());
    }

    [Fact]
    public void A_rule_says_when_as_a_file_does()
    {
        var x = Match.Parse(["{", "x", "a", "}"], null, Create());

        Assert.Equal("deny if { x a }", new RuleOptions(RuleActions.Deny(), x).ToString());
        Assert.Equal("deny if !{ x a }", new RuleOptions(RuleActions.Deny(), !x).ToString());
        Assert.Equal("deny unless { x a } { x a }", new RuleOptions(RuleActions.Deny(), !(x & x)).ToString());
        Assert.Equal("deny", new RuleOptions(RuleActions.Deny()).ToString());
        Assert.Equal("use_backend a if { x a }", new RouteOptions(x, "a").ToString());
        Assert.Equal("use_backend %[str(a)]", new RouteOptions(Match.Always, "") { Name = Value.Parse("str(a)") }.ToString());
    }

    [Theory]
    [InlineData("a  b\tc\n", new[] { "a", "b", "c" })]
    [InlineData("a\\ b 'c d' \"e f\" g'h i'j", new[] { "a b", "c d", "e f", "gh ij" })]
    [InlineData("'' \"\"", new[] { "", "" })]
    [InlineData("^/a\\.b$ '\\.' \"\\.\"", new[] { "^/a\\.b$", "\\.", "\\." })]
    [InlineData("\\\\ \\' \\\" \\# \"\\$\" \\$ '\\\\'", new[] { "\\", "'", "\"", "#", "$", "\\$", "\\\\" })]
    [InlineData("a\\nb \\x41\\t\\r \\", new[] { "a\nb", "A\t\r", "\\" })]
    public void Text_is_taken_apart_as_lines_of_a_file_are(string text, string[] words) =>
        Assert.Equal(words, ConditionText.Split(text));

    [Theory]
    [InlineData("plain")]
    [InlineData("two words")]
    [InlineData("")]
    [InlineData("it's")]
    [InlineData("it's \"quoted\" \\ $HOME #")]
    [InlineData("^\\w+$")]
    public void A_quoted_word_is_one_word_again(string word) => Assert.Equal([word], ConditionText.Split(ConditionText.Quote(word)));

    [Fact]
    public void A_fault_of_a_named_acl_says_its_name()
    {
        var acl = Match.Named("lost", Match.ParseAcl(["x", "-f", "/no/such/file"], Create()));
        var fault = Assert.Throws<RuleFaultException>(() => acl.Compile(new()));
        Assert.Equal("ACL 'lost' : failed to open pattern file </no/such/file>", fault.Message);
    }

    [Fact]
    public void Every_predefined_acl_is_known_or_needs_a_keyword_of_the_language()
    {
        var language = Create();
        foreach (var name in PredefinedAcls.Names)
        {
            try
            {
                Assert.Equal(name, PredefinedAcls.Find(name, language)!.ToString());
            }
            catch (RuleFaultException e)
            {
                Assert.StartsWith("unknown fetch method", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.Null(PredefinedAcls.Find("http", language));
        Assert.Equal(23, PredefinedAcls.Names.Count());
    }

    [Fact]
    public void True_and_false_hold_without_an_exchange()
    {
        var context = new RuleContext();
        Assert.Equal(Truth.True, Condition("TRUE").Evaluate(context));
        Assert.Equal(Truth.False, Condition("FALSE").Evaluate(context));
    }

    [Fact]
    public void A_condition_over_a_value_is_not_asked_before_it_is_made_ready() =>
        Assert.Throws<InvalidOperationException>(() => Match.ParseAcl(["x", "a"], Create()).Evaluate(new RuleContext()));
}
