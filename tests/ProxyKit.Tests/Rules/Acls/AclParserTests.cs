using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Expressions;
using static ProxyKit.Tests.Rules.Acls.AclLanguage;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class AclParserTests
{
    private static string AclFault(params string[] words) =>
        Assert.Throws<RuleFaultException>(() => Match.ParseAcl(words, Create())).Message;

    private static string Text(string text) => ((AclCondition)Match.ParseAcl(ConditionText.Split(text), Create())).Words();

    [Theory]
    [InlineData("", "missing fetch method in ACL expression ''")]
    [InlineData("nosuch x", "unknown fetch method 'nosuch' in ACL expression 'nosuch'")]
    [InlineData("x_be,lower y", "unknown fetch method 'x_be' in ACL expression 'x_be,lower'; did you mean 'x_beg' maybe ?")]
    [InlineData("x,nosuchthing y", "ACL keyword 'x' : unknown converter 'nosuchthing'")]
    [InlineData("text(a x", "ACL keyword 'text' : expected ')' at the end of the arguments of 'text'")]
    [InlineData("x -m foo y", "unknown matching method 'foo' when parsing ACL expression")]
    [InlineData("x -m", "unknown matching method '' when parsing ACL expression")]
    [InlineData("x -x y", "'-x' is not a valid ACL option. Please use '--' before any pattern beginning with a '-'")]
    [InlineData("xint -1", "'-1' is not a valid ACL option. Please use '--' before any pattern beginning with a '-'")]
    [InlineData("xmeth -m int 5", "matching method 'int' cannot be used with fetch keyword 'xmeth'")]
    [InlineData("xmeth -m ip 5", "matching method 'ip' cannot be used with fetch keyword 'xmeth'")]
    [InlineData("xbin y", "matching method must be specified first (using '-m') when using a sample fetch of this type ('xbin')")]
    [InlineData("xany y", "matching method must be specified first (using '-m') when using a sample fetch of this type ('xany')")]
    [InlineData("xany -f x -m str y", "matching method must be specified first (using '-m') when using a sample fetch of this type ('xany')")]
    [InlineData("xhdrs y", "matching method must be specified first (using '-m') when using a sample fetch of this type ('xhdrs')")]
    [InlineData("x -f f -m beg", "'-m' must only be specified before patterns and files in parsing ACL expression")]
    [InlineData("x -f", "failed to open pattern file <>")]
    [InlineData("x -u x y", "the argument of -u must be an integer")]
    [InlineData("x -u -1 y", "the argument of -u must be an integer")]
    [InlineData("x -u", "the argument of -u must be an integer")]
    [InlineData("xint abc", "'abc' is not a number")]
    [InlineData("xint 5x", "'5x' is not a number")]
    [InlineData("xint +5", "'+5' is not a number")]
    [InlineData("xint 0x10", "'0x10' is not a number")]
    [InlineData("xint \" 5\"", "' 5' is not a number")]
    [InlineData("xint 99999999999999999999", "'99999999999999999999' is not a number")]
    [InlineData("xint 5:1", "'5:1' is not a valid number range")]
    [InlineData("xint :", "':' is not a valid number range")]
    [InlineData("xint 5:x", "'5:x' is not a valid number range")]
    [InlineData("xint foo:bar", "'foo:bar' is not a valid number range")]
    [InlineData("xint xx 1", "'xx' is not a number")]
    [InlineData("xint ge xx", "'xx' is not a number")]
    [InlineData("xint gt", "missing pattern after the operator 'gt'")]
    [InlineData("xint 70000.1", "'70000.1' is not a number")]
    [InlineData("xver a.b", "'a.b' is not a dotted number")]
    [InlineData("x -m len y", "'y' is not a number")]
    [InlineData("xip -n foo.invalid", "'foo.invalid' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip -n 010.0.0.1", "'010.0.0.1' is not a valid IPv4 or IPv6 address")] // eight or ten
    [InlineData("xip 010.0.0.1", "'010.0.0.1' is not a valid IPv4 or IPv6 address")] // not asked of a resolver either
    [InlineData("xip 010.0.0.0/8", "'010.0.0.0/8' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip 10.1", "'10.1' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip 10/8", "'10/8' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip 0xA.0.0.0x1", "'0xA.0.0.0x1' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip 0x0a000001", "'0x0a000001' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip 1.2.3.4/33", "'1.2.3.4/33' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip ::1/129", "'::1/129' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip 10.0.0.1/", "'10.0.0.1/' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip 1.2.3.4:80", "'1.2.3.4:80' is not a valid IPv4 or IPv6 address")]
    [InlineData("xip ::1/255.0.0.0", "'::1/255.0.0.0' is not a valid IPv4 or IPv6 address")]
    [InlineData("xbin -m bin 0g", "an hex digit is expected (found 'g')")]
    [InlineData("xbin -m bin 012", "an even number of hex digit is expected")]
    public void What_is_no_acl_is_refused_with_its_reason(string text, string fault) =>
        Assert.Equal(fault, AclFault([.. ConditionText.Split(text)]));

    [Theory]
    [InlineData("x")]
    [InlineData("x \"\"")]
    [InlineData("xint")]
    [InlineData("xip")]
    [InlineData("x_beg")]
    public void An_acl_without_patterns_is_refused(string text) =>
        Assert.StartsWith("no pattern to match against were provided, so this ACL will never match", AclFault([.. ConditionText.Split(text)]),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("{ x -- }")]
    [InlineData("{ x -i }")]
    public void An_acl_without_patterns_never_holds_where_that_is_meant(string condition) => Assert.False(Holds(condition, ""));

    [Theory]
    [InlineData("x a b", "x a b")]
    [InlineData("x,behind -m beg -i 'a b' c", "x,behind -m beg -i 'a b' c")]
    [InlineData("xint ge 5", "xint 5:")]
    [InlineData("xip -n 10.0.0.0/8", "xip -n 10.0.0.0/8")]
    [InlineData("x -M -u 5 -f opt@f -- -z", "x -M -u 5 -f opt@f -- -z")]
    [InlineData("x 1 2 3 4 5 6 7 8 9 10 11", "x 1 2 3 4 5 6 7 8 9 10 11")]
    [InlineData("x -m reg ^a\\.b$ \"it's\"", "x -m reg '^a\\.b$' \"it's\"")]
    [InlineData("xbool", "xbool")]
    [InlineData("x -i --", "x -i --")]
    public void An_acl_reads_as_it_was_written(string text, string shown) => Assert.Equal(shown, Text(text));

    [Fact]
    public void An_acl_keyword_has_its_own_method_unless_something_follows()
    {
        Assert.True(Holds("{ x_beg ab }", "abc"));
        Assert.True(Holds("{ x_beg -m end bc }", "abc"));
        Assert.True(Holds("{ x_beg,behind bc }", "a-bc"));
        Assert.False(Holds("{ x_beg,behind b }", "a-bc"));
    }

    [Theory]
    [InlineData("x_beg ab", 0)]
    [InlineData("x_beg -m end ab", 1)]
    [InlineData("x_beg,behind ab", 1)]
    [InlineData("x -m end ab", 0)]
    public void A_method_that_is_lost_is_warned_of(string text, int warnings)
    {
        var told = new List<string>();
        Match.ParseAcl(ConditionText.Split(text), Create(), told.Add);
        Assert.Equal(warnings, told.Count);
    }

    [Fact]
    public void Acl_keywords_are_no_expressions() =>
        Assert.Throws<RuleFaultException>(() => Value.Parse("x_beg", Create()));

    [Fact]
    public void That_is_the_same_in_csharp()
    {
        var value = Value.Parse("x", Create());
        var options = new MatchOptions { Method = MatchMethod.Prefix, IgnoreCase = true };

        Assert.True(Match.That(value, "abc").Compile(new()).Holds(Exchange("abc")));
        Assert.True(Match.That(value, options, "AB").Compile(new()).Holds(Exchange("abc")));
        Assert.True(Match.Found(value).Compile(new()).Holds(Exchange("")));
        Assert.False(Match.Found(value).Compile(new()).Holds(Exchange()));
        Assert.Equal("{ x -m beg -i AB }", Match.That(value, options, "AB").ToString());
        Assert.Throws<RuleFaultException>(() => Match.That(value));
        Assert.Throws<RuleFaultException>(() => Match.That(value, new MatchOptions { Id = -1 }, "a"));
        Assert.Throws<ArgumentNullException>(() => Match.That(value, "a", null!)); // what a caller without nullable checks can pass
    }

    [Fact]
    public void A_list_of_every_method_has_its_name_and_back()
    {
        foreach (var method in Enum.GetValues<MatchMethod>())
        {
            Assert.Equal(method, MatchMethods.Find(MatchMethods.NameOf(method)));
        }
    }

    [Fact]
    public void An_expression_that_is_no_keyword_compares_by_its_type() =>
        Assert.Equal(MatchMethod.Exact, MatchMethods.For(Value.Parse("x,behind", Create()), out _));

    [Fact]
    public void A_language_has_no_two_fetches_of_a_name() =>
        Assert.Throws<ArgumentException>(() => Create().Add(new FetchKeyword
        {
            Name = "acl",
            Type = ProxyKit.Rules.Samples.SampleType.Boolean,
            Create = static _ => static (_, ref _) => false,
        }));
}
