using static ProxyKit.Tests.Rules.Acls.AclLanguage;

namespace ProxyKit.Tests.Rules.Acls;

public sealed class TextMatchTests
{
    [Theory]
    [InlineData("x abc", "abc", true)]
    [InlineData("x abc", "Abc", false)]
    [InlineData("x abc", "abcd", false)]
    [InlineData("x abc", "ab", false)]
    [InlineData("x -i aBc", "AbC", true)]
    [InlineData("x -i aBc", "AbCd", false)]
    [InlineData("x one two three", "two", true)]
    [InlineData("x one two three", "four", false)]
    [InlineData("x -- -i", "-i", true)]
    [InlineData("x abc -i", "ABC", false)] // behind a pattern, -i is one
    [InlineData("x abc -i", "-i", true)]
    [InlineData("x \"two words\"", "two words", true)]
    [InlineData("x -m str abc", "abc", true)]
    [InlineData("x -i É", "É", true)]
    [InlineData("x -i É", "é", false)] // only ASCII letters have case
    public void Exact_is_the_default_for_text(string acl, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ {acl} }}", Latin1(value)));

    [Theory]
    [InlineData("abc", "abcd", true)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "ab", false)]
    [InlineData("abc", "xabc", false)]
    [InlineData("-i ABC", "abcd", true)]
    [InlineData("a abcdef b", "abc", true)]
    [InlineData("abcdef abcxyz", "abcdxx", false)]
    [InlineData("abcdef abcxyz", "abcxyz1", true)]
    public void Beg_holds_for_prefixes(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ x -m beg {patterns} }}", value));

    [Theory]
    [InlineData(".jpg", "a.jpg", true)]
    [InlineData(".jpg", ".jpg", true)]
    [InlineData(".jpg", "a.JPG", false)]
    [InlineData("-i .jpg", "a.JPG", true)]
    [InlineData(".jpg", "jpg", false)]
    [InlineData(".jpg .png .gif", "a.png", true)]
    [InlineData(".jpg .png .gif", "a.pngx", false)]
    [InlineData("b cab", "ab", true)]
    public void End_holds_for_suffixes(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ x -m end {patterns} }}", value));

    [Theory]
    [InlineData("bc", "abcd", true)]
    [InlineData("bc", "bc", true)]
    [InlineData("bc", "b c", false)]
    [InlineData("-i bC", "aBcd", true)]
    [InlineData("abcd bx", "abx", true)]   // the automaton falls back from abc to b
    [InlineData("abab babb", "ababb", true)]
    [InlineData("aaab", "aaaaaab", true)]
    [InlineData("she he hers", "ushe", true)]
    [InlineData("hers", "ushers", true)]
    [InlineData("xyz", "xyxyxy", false)]
    [InlineData("é", "caf\u00c3\u00a9s", true)] // the bytes of UTF-8
    public void Sub_holds_for_substrings(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ x -m sub {patterns} }}", value));

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "x/a/b?q", true)]
    [InlineData("a/b", "a/bc", false)]
    [InlineData("a/b", "ca/b", false)]
    [InlineData("a", "/a/", true)]
    [InlineData("/a/", "a", true)]      // delimiters around a pattern are dropped
    [InlineData("/a/", "x/a", true)]
    [InlineData("/", "/", false)]       // nothing is no part
    [InlineData("/", "a", false)]
    [InlineData("a", "b.a", false)]     // dots part nothing here
    [InlineData("-i A", "x/a/y", true)]
    [InlineData("ab b", "ab/b", true)]
    [InlineData("b", "ab/xb/b", true)]
    [InlineData("/ b", "b", true)]
    public void Dir_holds_for_whole_parts_of_a_path(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ x -m dir {patterns} }}", value));

    [Theory]
    [InlineData("ex.com", "www.ex.com", true)]
    [InlineData("ex.com", "ex.com", true)]
    [InlineData("ex.com", "a.ex.com/z", true)]
    [InlineData("ex.com", "ex.com:80", true)]
    [InlineData("ex.com", "ex.com?q", true)]
    [InlineData("ex.com", "ex.com.evil.net", true)]
    [InlineData("ex.com", "notex.com", false)]
    [InlineData("ex.com", "exxcom.ex.comx", false)]
    [InlineData(".ex.com.", "ex.com", true)]
    [InlineData("-i EX", "a.eX.b", true)]
    public void Dom_holds_for_whole_parts_of_a_domain(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ x -m dom {patterns} }}", value));

    [Theory]
    [InlineData("3", "abc", true)]
    [InlineData("3", "abcd", false)]
    [InlineData("0", "", true)]
    [InlineData("gt 3", "abcd", true)]
    [InlineData("gt 3", "abc", false)]
    [InlineData("2:3", "ab", true)]
    [InlineData("1 5", "abcde", true)]
    public void Len_compares_the_number_of_bytes(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ x -m len {patterns} }}", value));

    [Fact]
    public void Len_0_does_not_hold_without_a_value() => Assert.False(Holds("{ x -m len 0 }"));

    [Theory]
    [InlineData("616263", "abc", true)]
    [InlineData("61626364", "abc", false)]
    [InlineData("6D", "m", true)]
    [InlineData("6d 6e", "n", true)]
    public void Bin_compares_bytes(string patterns, string value, bool holds)
    {
        Assert.Equal(holds, Holds($"{{ xbin -m bin {patterns} }}", value));
        Assert.Equal(holds, Holds($"{{ x -m bin {patterns} }}", value));
        Assert.Equal(holds, Holds($"{{ xhex {patterns} }}", value));
    }

    [Theory]
    [InlineData("GET HEAD", "HEAD", true)]
    [InlineData("GET HEAD", "POST", false)]
    [InlineData("-i get", "GET", false)] // methods have case
    [InlineData("PURGE", "PURGE", true)]
    public void Meth_compares_methods(string patterns, string value, bool holds) =>
        Assert.Equal(holds, Holds($"{{ xmeth {patterns} }}", value));

    [Fact]
    public void A_method_compares_as_text_when_told() => Assert.True(Holds("{ xmeth -m beg -i pu }", "PUT"));

    private static string Latin1(string value) =>
        System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(value));
}
