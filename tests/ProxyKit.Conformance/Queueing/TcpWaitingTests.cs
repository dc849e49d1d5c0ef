using ProxyKit.Backends;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Connections that wait: Q-26.</summary>
public abstract class TcpWaitingTests(Carrier carrier) : QueueTest(carrier)
{
    /// <summary>Q-26.</summary>
    [Fact]
    public async Task Connections_wait_in_TCP_mode()
    {
        using var held = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.SendAsync("hello");
            await held.PassAsync();
        });
        await StartAsync(origin, f => f.Mode(ProxyMode.Tcp), b => b.Mode(ProxyMode.Tcp).Configure(static o => o.Servers[0].MaxConnections = 1));
        var first = await ConnectAsync();
        await first.ExpectAsync("hello");
        var second = await ConnectAsync();
        await QueuedAsync(1);
        var gone = await ConnectAsync();
        await QueuedAsync(2);

        await gone.DisposeAsync();

        await QueuedAsync(1);
        Assert.Equal("CQ", (await LoggedAsync()).End);
        held.Open(2);
        await first.DisposeAsync();
        await LoggedAsync(2);
        await second.ExpectAsync("hello");
        await second.DisposeAsync();
        Assert.Equal("0/1", (await LoggedAsync(3)).Queues);
    }

    [Fact]
    public async Task Connection_that_waits_too_long_is_closed_in_TCP_mode()
    {
        var origin = RawOrigin(static async wire => await wire.SendAsync("hello"));
        await StartAsync(
            origin, f => f.Mode(ProxyMode.Tcp), b => b.Mode(ProxyMode.Tcp).QueueTimeout(TimeSpan.FromSeconds(1)).Configure(static o => o.Servers[0].MaxConnections = 1));
        var first = await ConnectAsync();
        await first.ExpectAsync("hello");
        var late = await ConnectAsync();
        await QueuedAsync(1);

        await AdvanceUntilAsync(late.ExpectClosedAsync());

        Assert.Equal("sQ", (await LoggedAsync()).End);
    }

    public sealed class OverSockets() : TcpWaitingTests(Carrier.Sockets)
    {
        /// <summary>Q-26, with classes by address: in memory all clients have one.</summary>
        [Fact]
        public async Task Connections_are_served_by_their_classes_in_TCP_mode()
        {
            var served = new System.Collections.Concurrent.ConcurrentQueue<string>();
            var origin = RawOrigin(async wire =>
            {
                served.Enqueue(System.Text.Encoding.ASCII.GetString(await wire.ReadExactlyAsync(1)));
                await FreedAsync();
            });
            await StartAsync(
                origin,
                f => f.Mode(ProxyMode.Tcp).OnContent(static rules => rules
                    .SetPriorityClass(10, Match.Source("127.0.0.2"))
                    .SetPriorityClass(1, Match.Source("127.0.0.3"))
                    .SetPriorityClass(100, Match.Source("127.0.0.4"))),
                b => Limited(1)(b.Mode(ProxyMode.Tcp)));
            var clients = new List<Task> { await ConnectAndSayAsync(1) };
            await UntilAsync(() => served.Count == 1);
            foreach (var (waiting, last) in ((int[])[4, 2, 3]).Index())
            {
                clients.Add(await ConnectAndSayAsync(last));
                await QueuedAsync(waiting + 1);
            }

            Free(4);

            await Task.WhenAll(clients);
            Assert.Equal(["1", "3", "2", "4"], served);
        }

        /// <summary>A client from 127.0.0.x says its x; it goes when the server does.</summary>
        private async Task<Task> ConnectAndSayAsync(int last)
        {
            var client = DisposeFirst(await WireClient.ConnectAsync(
                Proxy.EndPoints[0]!, new System.Net.IPEndPoint(System.Net.IPAddress.Parse($"127.0.0.{last}"), 0)));
            await client.SendRawAsync($"{last}");
            return LeaveAsync();

            async Task LeaveAsync()
            {
                await client.ExpectClosedAsync();
                await client.DisposeAsync();
            }
        }
    }

    public sealed class InMemory() : TcpWaitingTests(Carrier.Memory);
}
