using ProxyKit.Resolvers;

namespace ProxyKit.Tests.Resolvers;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a.example.")]
    [InlineData("_http._tcp.x-1.example")]
    [InlineData("127.0.0.1")]
    public void Name_can_be_asked_for(string name) => Assert.True(DnsName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a:80")]
    [InlineData("é.example")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234.example")]
    public void Text_is_no_name(string text) => Assert.False(DnsName.IsValid(text));

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void Name_is_as_long_as_a_message_can_carry(int length, bool isName)
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 49), 5)) + '.';

        Assert.Equal(isName, DnsName.IsValid(name + new string('b', length - name.Length)));
    }
}
