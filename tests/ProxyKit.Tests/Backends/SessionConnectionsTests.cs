using ProxyKit.Backends;
using ProxyKit.Http1;
using ProxyKit.Tests.Transport;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Backends;

public sealed class SessionConnectionsTests
{
    /// <summary>What comes on an idle connection, such as a ticket of TLS, has it taken out to be looked at: the client may leave meanwhile.</summary>
    [Fact]
    public void Connection_that_comes_back_when_the_client_is_gone_is_closed()
    {
        using var wheel = new TimerWheel(TimeProvider.System);
        using var idle = new IdleConnections(0, TimeSpan.Zero, TimeProvider.System);
        var server = new ServerState("", idle, new BackendState());
        var own = new SessionConnections();
        using var first = new ScriptedConnection();
        using var second = new ScriptedConnection();
        own.Add(server, new Http1Upstream(first, BufferPool.Shared, wheel));

        own.Close();
        own.Add(server, new Http1Upstream(second, BufferPool.Shared, wheel));

        Assert.True(first.IsClosed);
        Assert.True(second.IsClosed);
        Assert.Null(own.TryTake(server, default, default, default));
    }
}
