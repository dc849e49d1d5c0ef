using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.HAProxyConfig.Preprocessing;

namespace ProxyKit.HAProxyConfig.Tests.Preprocessing;

public sealed class ConditionExpressionTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("-3", true)]
    [InlineData("00", false)]
    [InlineData("!0", true)]
    [InlineData("!!1", true)]
    [InlineData("! 1", false)]
    [InlineData("1 && 0", false)]
    [InlineData("1&&1", true)]
    [InlineData("0||1", true)]
    [InlineData("1 || 0 && 0", true)]
    [InlineData("0 && 0 || 1", true)]
    [InlineData("(1 || 0) && 0", false)]
    [InlineData("!(1 && 0)", true)]
    [InlineData("((1))", true)]
    [InlineData("defined(HOME)", true)]
    [InlineData("defined(EMPTY)", true)]
    [InlineData("defined(NONE)", false)]
    [InlineData("!defined(NONE)", true)]
    [InlineData("streq(a,a)", true)]
    [InlineData("streq(a,b)", false)]
    [InlineData("streq(,)", true)]
    [InlineData("streq(\"a,b\",'a,b')", true)]
    [InlineData(@"streq(a\b,'a\b')", true)]
    [InlineData(@"streq(a\b,ab)", false)]
    [InlineData(@"streq(a\\b,'a\b')", true)]
    [InlineData(@"streq(\""\'\ ,'""'""' "")", true)]
    [InlineData("streq(a\\tb,'a\tb')", true)]
    [InlineData("streq(a\\nb,'a\nb')", true)]
    [InlineData("streq(a\\rb,'a\rb')", true)]
    [InlineData(@"streq(a\#b,a#b)", false)]
    [InlineData(@"streq(a\$b,'a\$b')", true)]
    [InlineData(@"streq(a\x41,'a\x41')", true)]
    [InlineData(@"streq(\,\)", true)]
    [InlineData("strneq(a,b)", true)]
    [InlineData("strstr(foobar,oba)", true)]
    [InlineData("strstr(foobar,obb)", false)]
    [InlineData("version_atleast(2.4)", true)]
    [InlineData("version_atleast(3.5)", true)]
    [InlineData("version_atleast(3.5-dev2)", true)]
    [InlineData("version_atleast(3.6-dev1)", false)]
    [InlineData("version_atleast(99)", false)]
    [InlineData("version_before(99)", true)]
    [InlineData("version_before(2.4.1)", false)]
    [InlineData("feature(THREAD)", true)]
    [InlineData("feature(LUA)", false)]
    [InlineData("enabled(POLL)", false)]
    [InlineData("fips_mode()", false)]
    [InlineData("awslc_api_atleast(1.0)", false)]
    [InlineData("awslc_api_before(1.0)", false)]
    public void Expression_holds_or_not(string text, bool holds)
    {
        Assert.Equal(holds, Evaluate(text, out var fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("1 &&", "a term is missing at the end at position 5")]
    [InlineData("(1", "a closing parenthesis is missing at position 3")]
    [InlineData("1)", "unexpected ')' at position 2")]
    [InlineData("1 2", "unexpected '2' at position 3")]
    [InlineData("&& 1", "unexpected '&& 1' at position 1")]
    [InlineData("dfined(A)", "unknown predicate 'dfined'; did you mean 'defined' maybe ? at position 10")]
    [InlineData("defined", "unknown predicate 'defined' at position 8")]
    [InlineData("defined(A,B)", "'defined' expects 1 argument(s), got 2 at position 13")]
    [InlineData("streq(A)", "'streq' expects 2 argument(s), got 1 at position 9")]
    [InlineData("defined(A", "a closing parenthesis is missing at position 10")]
    [InlineData("version_atleast(x)", "'x' is no version at position 19")]
    public void Fault_is_told_with_its_position(string text, string fault)
    {
        Assert.False(Evaluate(text, out var found));
        Assert.Equal(fault, found);
    }

    [Fact]
    public void Depth_is_limited()
    {
        Assert.True(Evaluate(new string('(', 99) + "1" + new string(')', 99), out _));
        Assert.False(Evaluate(new string('(', 100_000) + "1", out var fault));
        Assert.StartsWith("too many nested terms, max is 100", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_of_TLS_is_known_where_it_is_OpenSSL()
    {
        Assert.Equal(OperatingSystem.IsLinux(), Evaluate("ssllib_name_startswith(OpenSSL) && openssl_version_atleast(1.1.1)", out _));
        Assert.False(Evaluate("openssl_version_before(1.0)", out _));
        Assert.False(Evaluate("ssllib_name_startswith(wolf)", out _));
    }

    private static bool Evaluate(string text, out string? fault) => ConditionExpression.Evaluate(
        text,
        new ConditionFacts(ConditionFacts.BuiltIn),
        new ConfigVariables(new Dictionary<string, string> { ["HOME"] = "/root", ["EMPTY"] = "" }),
        out fault);
}
