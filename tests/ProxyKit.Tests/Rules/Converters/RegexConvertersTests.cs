using ProxyKit.Regexes;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class RegexConvertersTests
{
    [Theory]
    [InlineData("str(abc),regsub(x*,-,g)", "-a-b-c-")]
    [InlineData("str(Hello_World),regsub(O,0,gi)", "Hell0_W0rld")]
    [InlineData("str(Hello_World),regsub(o,0)", "Hell0_World")]
    [InlineData("str(Hello_World),regsub(z,0,g)", "Hello_World")]
    [InlineData("str(abc),regsub($,-,g)", "abc--")]
    [InlineData("str(abc),regsub(b*,-,g)", "-a--c-")]
    [InlineData("str(abcabc),regsub(^a,-,g)", "-bcabc")]
    [InlineData("str(aaa),regsub(\"\\\\ba\",-,g)", "---")]
    [InlineData("str(aaa),regsub(\"\\\\Aa\",-,g)", "---")]
    [InlineData("str(abc),regsub(\"(?=b)\",-,g)", "a--bc")]
    [InlineData("str(),regsub(x*,-,g)", "-")]
    [InlineData("str(abc),regsub(b,)", "ac")]
    [InlineData("str(Hello),regsub(\"(l+)o\",<\\\\1>)", "He<ll>")]
    [InlineData("str(Hello),regsub(\"(l+)o\",<\\\\0>)", "He<llo>")]
    [InlineData("str(Hello),regsub(\"(l+)(x)?o\",<\\\\2\\\\9>)", "He<>")]
    [InlineData("str(Hello),regsub(l,<\\\\x41\\\\z>)", "He<Az>lo")]
    [InlineData("str(a1b22),regsub(\"([a-z])([0-9]+)\",\"\\\\2\\\\1\",g)", "1a22b")]
    [InlineData("str(abab),regsub(\"(?<x>a)(b)\",\"\\\\2\\\\1\",g)", "baba")]
    [InlineData("str(\"aa bb ab\"),regsub(\"(?P<x>[a-z])(?P=x)\",-,g)", "- - ab")]
    [InlineData("str(\"a1 _b\"),regsub(\"\\\\w\",x,g)", "xx xx")]
    [InlineData("str(a.b),regsub(\"[[:punct:]]\",-)", "a-b")]
    [InlineData("str(aXb),regsub(\"[[:upper:]]\",-)", "a-b")]
    [InlineData("str(aXb),regsub(\"[^[:upper:]]\",-,g)", "-X-")]
    [InlineData("str(aXb),regsub(\"[a-x]\",-,gi)", "--" + "-")]
    [InlineData("str(aXb),regsub(\"[^x]\",-,gi)", "-X-")]
    [InlineData("str(a+b),regsub(\"\\\\Q+\\\\E\",-)", "a-b")]
    [InlineData("str(a]b),regsub(\"[]]\",-)", "a-b")]
    [InlineData("bin(61c3a962),regsub(\"\\\\xc3\\\\xa9\",e)", "aeb")]
    [InlineData("bin(61c3a962),regsub(\"\u00e9\",e)", "aeb")]
    [InlineData("bin(61c3a962),regsub(\"[^a-z]\",-,g)", "a--b")]
    [InlineData("bin(61c9e9),regsub(\"\\\\xe9\",-,gi)", "a\u00c9-")]
    [InlineData("bin(61b2a0),regsub(\"[\\\\d\\\\s]\",-,g)", "a\u00b2\u00a0")]
    public void Regsub_replaces_what_it_finds(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Fact]
    public void Regsub_cuts_what_becomes_too_long()
    {
        var evaluation = new Evaluation();
        evaluation.Of($"str({new string('x', 5_000)}),set-var(txn.long)");

        Assert.Equal("16384", evaluation.Of("str(),concat(,txn.long),regsub(x,abcdefgh,g),length"));
        Assert.Equal("16384", evaluation.Of("str(),concat(,txn.long),regsub(\"(x)\",\\\\1bcdefgh,g),length"));
    }

    [Fact]
    public void Regsub_that_takes_too_long_has_no_sample() => Assert.Equal(
        Evaluation.NoSample, Evaluation.Once($"str({new string('a', 40)}),regsub(\"(?=(a+)+$)(a+)+b\",x)"));

    [Theory]
    [InlineData("str(a),regsub(o,,x)", "invalid args in converter 'regsub' : invalid regex flag 'x', only 'i' and 'g' are supported")]
    [InlineData("str(a),regsub(\"\",a,g)", "invalid args in converter 'regsub' : missing regex")]
    [InlineData("str(a),regsub(\"[a\",b)", "invalid args in converter 'regsub' : regex '[a' is invalid (error=missing terminating ] for character class, erroffset=2)")]
    public void Regsub_of_no_expression_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));

    [Theory]
    [InlineData("a.b", "a.b")]
    [InlineData("(?:a|b)+?", "(?:a|b)+?")]
    [InlineData("[a-c]", "[\\x61-\\x63]")]
    [InlineData("\\x{41}", "A")]
    [InlineData("a(?#note)b", "ab")]
    public void Pattern_of_perl_becomes_one_of_dotnet(string pattern, string expected) =>
        Assert.Equal(expected, PerlPattern.Translate(pattern, ignoresCase: false, isContinued: false));
}
