using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Exchanges;
using ProxyKit.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Tests.Queueing;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Exchanges;

public sealed class ServerAttemptsTests
{
    /// <summary>Exchanges are reused by all proxies of a process, of which the first may have stopped, and its clock with it.</summary>
    [Fact]
    public async Task Wait_is_limited_by_the_clock_of_the_proxy_that_it_is_in()
    {
        var attempts = new ServerAttempts();
        using (var first = new QueueBench(1))
        {
            first.Fill();
            var pick = PickAsync(attempts, first);
            first.Free();
            Assert.Equal(PickStatus.Picked, await pick.InTimeAsync());
            attempts.Leave();
            attempts.Reset();
        }

        using var second = new QueueBench(1);
        second.Fill();
        var late = PickAsync(attempts, second);
        second.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(PickStatus.QueueTimedOut, await late.InTimeAsync());
    }

    /// <summary>All were full when the strategy looked, and one has become free since: that is no reason to refuse anybody.</summary>
    [Fact]
    public async Task Choice_of_nobody_among_servers_with_limits_is_a_wait()
    {
        using var bench = new QueueBench(1);
        bench.Backend.Strategy = new Nobody();

        Assert.Equal(PickStatus.Picked, await PickAsync(new ServerAttempts(), bench, isBound: false).InTimeAsync());
    }

    [Fact]
    public async Task Choice_of_nobody_among_servers_without_limits_is_a_refusal()
    {
        using var bench = new QueueBench(0);
        bench.Backend.Strategy = new Nobody();

        Assert.Equal(PickStatus.NoServer, await PickAsync(new ServerAttempts(), bench, isBound: false).InTimeAsync());
    }

    private static ValueTask<PickStatus> PickAsync(ServerAttempts attempts, QueueBench bench, bool isBound = true)
    {
        var context = new RuleContext();
        context.Settings.QueueTimeout = TimeSpan.FromMilliseconds(200);
        var path = new DataPath(new InMemoryTransport(), BufferPool.Shared, bench.Wheel, ExchangeLogs.For(null, null, bench.Time));
        return attempts.PickAsync(path, new BackendPolicy(bench.Backend, RuleSet.Empty, null, bench.Queue), context, isBound ? bench.Servers[0] : null);
    }

    private sealed class Nobody : IBalancingStrategy
    {
        public Server? Pick(in BalancingContext context) => null;
    }
}
