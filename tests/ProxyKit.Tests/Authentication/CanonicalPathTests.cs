using System.Text;
using ProxyKit.Authentication;

namespace ProxyKit.Tests.Authentication;

public sealed class CanonicalPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("/api/hamsters/1")]
    [InlineData("/api/hamsters/")]
    [InlineData("/a/..b/c.../.d")]
    [InlineData("/caf%C3%A9/a%20b")]
    [InlineData("/a;v=1/b")]
    [InlineData("/a:b@c,d+e")]
    public void Path_that_can_be_read_in_one_way_passes(string path) => Assert.True(CanonicalPath.Is(Encoding.Latin1.GetBytes(path)));

    [Theory]
    [InlineData("/auth/../api")]
    [InlineData("/auth/..")]
    [InlineData("/a/./b")]
    [InlineData("//api")]
    [InlineData("/a//b")]
    [InlineData("/auth/..;x=1/api")]
    [InlineData("/auth/;/api")]
    [InlineData("/auth/%2e%2e/api")]
    [InlineData("/auth/.%2E/api")]
    [InlineData("/a%2fb")]
    [InlineData("/a%5Cb")]
    [InlineData("/a\\b")]
    [InlineData("/%61pi")]
    [InlineData("/%252e")]
    [InlineData("/a%00")]
    [InlineData("/a%0d")]
    [InlineData("/a%3bb")]
    [InlineData("/a%4")]
    [InlineData("/a%zz")]
    public void Path_that_servers_may_take_for_another_does_not(string path) => Assert.False(CanonicalPath.Is(Encoding.Latin1.GetBytes(path)));
}
