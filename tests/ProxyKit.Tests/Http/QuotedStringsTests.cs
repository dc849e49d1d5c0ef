using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Tests.Http;

public sealed class QuotedStringsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a,b", 1)]
    [InlineData("\"a,b\",c", 5)]
    [InlineData("\"a\\\",b\",c", 7)]
    [InlineData("a\\,b", 2)]      // a backslash is one only within quotes
    [InlineData("\"a,b", 4)]      // unclosed: to the end
    [InlineData("\"a\\", 3)]
    public void Element_ends_at_a_comma_outside_quotes(string text, int end) =>
        Assert.Equal(end, QuotedStrings.EndOfElement(Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("a;b,c", 1)]
    [InlineData("a,b;c", 1)]
    [InlineData("\";,\";", 4)]
    public void Text_ends_at_either_delimiter(string text, int end) =>
        Assert.Equal(end, QuotedStrings.EndBefore(Encoding.Latin1.GetBytes(text), (byte)';', (byte)','));
}
