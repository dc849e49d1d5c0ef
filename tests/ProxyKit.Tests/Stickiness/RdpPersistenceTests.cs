using System.Text;
using ProxyKit.Stickiness;

namespace ProxyKit.Tests.Stickiness;

public sealed class RdpPersistenceTests
{
    [Fact]
    public void Cookie_names_an_address_and_a_port_in_network_order()
    {
        Assert.True(RdpPersistence.TryRead("3640205228.15629.0000"u8, out var place));

        Assert.Equal((3640205228, 3389), (place.Address, place.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData("1.2")]
    [InlineData("x.2.0")]
    [InlineData("1.x.0")]
    [InlineData("99999999999.2.0")]
    [InlineData("1.70000.0")]
    [InlineData("-1.2.0")]
    public void Text_that_is_none_names_nothing(string text) => Assert.False(RdpPersistence.TryRead(Encoding.ASCII.GetBytes(text), out _));
}
