using ProxyKit.Backends;
using ProxyKit.Tests.Balancing;

namespace ProxyKit.Tests.Backends;

public sealed class ServerWeightTests
{
    [Theory]
    [InlineData("30", 30)]
    [InlineData("0", 0)]
    [InlineData("256", 256)]
    [InlineData("50%", 10)]
    [InlineData("0%", 0)]
    [InlineData("200%", 40)]
    [InlineData("100000%", 256)]
    public void Weight_is_set(string text, int expected)
    {
        var backend = BalancedBackend.Of(Balance.RoundRobin, 20, 20);

        Assert.True(ServerWeight.TrySet(backend.Backend, backend[0], text, out _));

        Assert.Equal(expected, backend[0].Weight);
    }

    [Theory]
    [InlineData("", "Require <weight> or <weight%>.")]
    [InlineData("x", "Trailing garbage in weight string.")]
    [InlineData("257", "Absolute weight can only be between 0 and 256 inclusive.")]
    [InlineData("-1", "Absolute weight can only be between 0 and 256 inclusive.")]
    [InlineData("-1%", "Relative weight must be positive.")]
    public void Weight_that_is_none_is_refused(string text, string expected)
    {
        var backend = BalancedBackend.Of(Balance.RoundRobin, 20, 20);

        Assert.False(ServerWeight.TrySet(backend.Backend, backend[0], text, out var fault));

        Assert.Equal((expected, 20), (fault, backend[0].Weight));
    }

    [Theory]
    [InlineData("50%", false)]
    [InlineData("7", false)]
    [InlineData("0%", true)]
    [InlineData("100%", true)]
    [InlineData("0", true)]
    public void Static_algorithms_know_all_or_nothing(string text, bool isSet)
    {
        foreach (var balance in (Balance[])[Balance.StaticRoundRobin, Balance.Uri(hash: ProxyKit.Balancing.HashType.MapBased)])
        {
            var backend = BalancedBackend.Of(balance, 20, 20);

            Assert.Equal(isSet, ServerWeight.TrySet(backend.Backend, backend[0], text, out var fault));
            Assert.Equal(isSet ? null : "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.", fault);
        }
    }

    [Fact]
    public void Server_of_weight_0_takes_no_new_work()
    {
        var backend = BalancedBackend.Of(Balance.RoundRobin, 20, 20);

        ServerWeight.TrySet(backend.Backend, backend[0], "0", out _);

        Assert.Equal("s2 s2 s2", backend.Order(3));
    }
}
