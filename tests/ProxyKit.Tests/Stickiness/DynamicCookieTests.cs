using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Stickiness;

namespace ProxyKit.Tests.Stickiness;

/// <summary>ST-09; the values are those of HAProxy 2.6 with the same key and addresses.</summary>
public sealed class DynamicCookieTests
{
    [Theory]
    [InlineData("127.0.0.1:19801", "f36f9060bfe6ee1d")]
    [InlineData("[::1]:19801", "224377bb03cb356b")]
    public void Value_is_that_of_HAProxy(string address, string value) =>
        Assert.Equal(value, Encoding.ASCII.GetString(DynamicCookie.Of("s3cret", IPEndPoint.Parse(address))!));

    [Fact]
    public void Value_changes_with_the_key() =>
        Assert.NotEqual(DynamicCookie.Of("a", IPEndPoint.Parse("10.0.0.1:80")), DynamicCookie.Of("b", IPEndPoint.Parse("10.0.0.1:80")));

    [Fact]
    public void Server_without_an_address_has_none()
    {
        Assert.Null(DynamicCookie.Of("key", new UnixDomainSocketEndPoint("/run/a.sock")));
        Assert.Null(DynamicCookie.Of("key", new DnsEndPoint("a.example", 80)));
    }
}
