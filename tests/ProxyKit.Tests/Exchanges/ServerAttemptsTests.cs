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

    /// <summary>A server that fails at once always has room: a request that went back there would have used up its retries before the one that is well has.</summary>
    [Fact]
    public async Task Retry_waits_for_a_server_that_it_has_not_tried_rather_than_go_back()
    {
        using var bench = new QueueBench(1, 1, 1);
        bench.Backend.Strategy = new RoundRobin();
        bench.Fill(2);
        var attempts = new ServerAttempts();
        await AssertFailsAtAsync(attempts, bench, "s1");
        await AssertFailsAtAsync(attempts, bench, "s2");

        var third = PickAsync(attempts, bench, isBound: false);
        Assert.False(third.IsCompleted);
        Assert.Equal((0, 0, 1), (bench.Servers[0].ActiveRequests, bench.Servers[1].ActiveRequests, bench.Servers[2].QueuedRequests));
        bench.Free(2);

        Assert.Equal(PickStatus.Picked, await third.InTimeAsync());
        Assert.Equal("s3", attempts.Server?.Name);
        attempts.Leave();
    }

    [Fact]
    public async Task Retry_that_waits_for_the_one_server_left_looks_again_when_that_goes_down()
    {
        using var bench = new QueueBench(1, 1);
        bench.Backend.Strategy = new RoundRobin();
        bench.Fill(1);
        var attempts = new ServerAttempts();
        await AssertFailsAtAsync(attempts, bench, "s1");
        var second = PickAsync(attempts, bench, isBound: false);

        bench[1].SetAvailability(ServerAvailability.Maintenance);

        Assert.Equal(PickStatus.Picked, await second.InTimeAsync());
        Assert.Equal("s1", attempts.Server?.Name);
        attempts.Leave();
    }

    [Fact]
    public async Task Retry_that_has_waited_for_the_one_server_left_goes_back_rather_than_nowhere()
    {
        using var bench = new QueueBench(1, 1);
        bench.Backend.Strategy = new RoundRobin();
        bench.Fill(1);
        var attempts = new ServerAttempts();
        await AssertFailsAtAsync(attempts, bench, "s1");
        var second = PickAsync(attempts, bench, isBound: false, TimeSpan.FromMinutes(1));

        bench.Time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(second.IsCompleted);
        bench.Time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(PickStatus.Picked, await second.InTimeAsync());
        Assert.Equal("s1", attempts.Server?.Name);
        attempts.Leave();
    }

    [Fact]
    public async Task Retry_goes_where_there_is_room_rather_than_where_there_is_least_to_do()
    {
        using var bench = new QueueBench(10, 1, 100);
        bench.Backend.Strategy = new Always("s1");
        bench.Fill(1);
        for (var i = 0; i < 50; i++)
        {
            Assert.True(bench[2].TryEnter());
        }

        var attempts = new ServerAttempts();
        await AssertFailsAtAsync(attempts, bench, "s1");

        Assert.Equal(PickStatus.Picked, await PickAsync(attempts, bench, isBound: false).InTimeAsync());
        Assert.Equal("s3", attempts.Server?.Name);
        attempts.Leave();
    }

    [Fact]
    public async Task Request_that_has_failed_at_all_servers_begins_again()
    {
        using var bench = new QueueBench(1, 1);
        bench.Backend.Strategy = new RoundRobin();
        var attempts = new ServerAttempts();

        foreach (var server in (string[])["s1", "s2", "s1", "s2"])
        {
            await AssertFailsAtAsync(attempts, bench, server);
        }
    }

    private static async Task AssertFailsAtAsync(ServerAttempts attempts, QueueBench bench, string server)
    {
        Assert.Equal(PickStatus.Picked, await PickAsync(attempts, bench, isBound: false).InTimeAsync());
        Assert.Equal(server, attempts.Server?.Name);
        var failure = new Termination(TerminationCause.ServerAbort, ExchangePhase.Headers);
        Assert.True(await attempts.MayRetryAsync(PathOf(bench), bench.Backend, new ExchangeSettings { Retries = 10 }, failure));
    }

    private static ValueTask<PickStatus> PickAsync(ServerAttempts attempts, QueueBench bench, bool isBound = true, TimeSpan? limit = null)
    {
        var context = new RuleContext();
        context.Settings.QueueTimeout = limit ?? TimeSpan.FromMilliseconds(200);
        return attempts.PickAsync(PathOf(bench), new BackendPolicy(bench.Backend, RuleSet.Empty, null, bench.Queue), context, isBound ? bench.Servers[0] : null);
    }

    private static DataPath PathOf(QueueBench bench) =>
        new(new InMemoryTransport(), BufferPool.Shared, bench.Wheel, ExchangeLogs.For(null, null, bench.Time));

    private sealed class Always(string name) : IBalancingStrategy
    {
        public Server? Pick(in BalancingContext context)
        {
            foreach (var server in context.Candidates)
            {
                if (server.Name == name)
                {
                    return server;
                }
            }

            return null;
        }
    }

    private sealed class Nobody : IBalancingStrategy
    {
        public Server? Pick(in BalancingContext context) => null;
    }
}
