using ProxyKit.Backends;
using ProxyKit.Http1;
using ProxyKit.Tests.Transport;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Backends;

public sealed class IdleConnectionsTests
{
    [Fact]
    public void Signal_without_anything_to_receive_leaves_a_connection_where_it_is()
    {
        using var wheel = new TimerWheel(TimeProvider.System);
        using var idle = new IdleConnections(most: null, TimeSpan.FromSeconds(5), TimeProvider.System);
        using var connection = new ScriptedConnection { SignalsInline = true };
        using var upstream = new Http1Upstream(connection, BufferPool.Shared, wheel) { Uses = 1 };
        idle.NoteUse(1);
        idle.Add(upstream);

        connection.Add(0);
        Assert.Equal(1, idle.Count);

        connection.Add(1);
        Assert.Equal(0, idle.Count);
    }

    [Fact]
    public void Connection_signalled_without_reason_can_be_taken()
    {
        using var wheel = new TimerWheel(TimeProvider.System);
        using var idle = new IdleConnections(most: null, TimeSpan.FromSeconds(5), TimeProvider.System);
        using var connection = new ScriptedConnection { SignalsInline = true };
        using var upstream = new Http1Upstream(connection, BufferPool.Shared, wheel) { Uses = 1 };
        idle.NoteUse(1);
        idle.Add(upstream);
        connection.Add(0);

        Assert.Same(upstream, idle.TryTake(TakeOrder.FreshFirst, default));
    }

    [Fact]
    public void Connections_for_names_that_nobody_asks_for_give_way()
    {
        using var wheel = new TimerWheel(TimeProvider.System);
        using var idle = new IdleConnections(most: 2, TimeSpan.FromSeconds(5), TimeProvider.System);
        idle.NoteUse(2);
        var connections = Enumerable.Range(0, 3).Select(i => new Http1Upstream(new ScriptedConnection(), BufferPool.Shared, wheel) { Uses = 1, PoolName = [(byte)('a' + i)] }).ToList();
        connections.ForEach(idle.Add);

        Assert.Equal(2, idle.Count);
        Assert.Null(idle.TryTake(TakeOrder.FreshFirst, "a"u8));
        Assert.Same(connections[2], idle.TryTake(TakeOrder.FreshFirst, "c"u8));
        connections.ForEach(static c => c.Dispose());
    }

    [Fact]
    public void Connection_is_taken_for_the_name_that_its_server_was_asked_for()
    {
        using var wheel = new TimerWheel(TimeProvider.System);
        using var idle = new IdleConnections(most: null, TimeSpan.FromSeconds(5), TimeProvider.System);
        var connections = new List<Http1Upstream>();
        idle.NoteUse(3);
        foreach (var name in (byte[]?[])["a"u8.ToArray(), null, "b"u8.ToArray()])
        {
            var upstream = new Http1Upstream(new ScriptedConnection(), BufferPool.Shared, wheel) { Uses = 1, PoolName = name };
            connections.Add(upstream);
            idle.Add(upstream);
        }

        Assert.Null(idle.TryTake(TakeOrder.FreshFirst, "c"u8));
        Assert.Same(connections[0], idle.TryTake(TakeOrder.FreshFirst, "a"u8));
        Assert.Null(idle.TryTake(TakeOrder.FreshFirst, "a"u8));
        Assert.Same(connections[1], idle.TryTake(TakeOrder.FreshFirst, default));
        Assert.Same(connections[2], idle.TryTake(TakeOrder.ProvedFirst, "b"u8));
        connections.ForEach(static c => c.Dispose());
    }
}
