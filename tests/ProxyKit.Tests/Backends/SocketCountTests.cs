using ProxyKit.Backends;

namespace ProxyKit.Tests.Backends;

public sealed class SocketCountTests
{
    [Fact]
    public void Sockets_are_counted_up_to_their_limit()
    {
        using var idle = new IdleConnections(0, TimeSpan.Zero, TimeProvider.System);
        var sockets = new SocketCount(idle);

        Assert.True(sockets.TryOpen(2));
        Assert.True(sockets.TryOpen(2));
        Assert.False(sockets.TryOpen(2));
        sockets.Closed();
        Assert.True(sockets.TryOpen(2));
        Assert.True(sockets.TryOpen(0)); // no limit
        Assert.Equal(3, sockets.Open);
    }
}
