using ProxyKit.Backends;
using ProxyKit.Testing;
using ProxyKit.Tests.Rules;

namespace ProxyKit.Tests.Balancing;

public sealed class RoundRobinTests
{
    public static TheoryData<string> Rotations => ["roundrobin", "static-rr"];

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Rotation_with_equal_weights_takes_turns_in_order(string algorithm) =>
        Assert.Equal("s1 s2 s3 s4 s1 s2 s3 s4 s1", Of(algorithm, 1, 1, 1, 1).Order(9));

    [Theory]
    [InlineData("1 2 3 4", 1, 2, 3, 4)]
    [InlineData("100 1 50", 100, 1, 50)]
    [InlineData("1 256", 1, 256)]
    public void RoundRobin_gives_each_its_share_of_every_cycle(string shares, params int[] weights)
    {
        var backend = Of("roundrobin", weights);

        for (var cycle = 0; cycle < 40; cycle++)
        {
            Assert.Equal(shares, string.Join(' ', backend.Shares(weights.Sum())));
        }
    }

    [Fact]
    public void RoundRobin_spreads_the_light_ones() => Assert.Equal("s1 s2 s1 s3 s1 s2 s1 s3", Of("roundrobin", 2, 1, 1).Order(8));

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Rotation_passes_by_servers_without_room(string algorithm)
    {
        var backend = BalancedBackend.Of(Balancer(algorithm), Limited(1, 1, 1));
        Assert.True(backend[1].State.TryEnter());

        Assert.Equal("s1 s3 s1 s3", backend.Order(4));
    }

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Rotation_has_none_where_all_are_full(string algorithm)
    {
        var backend = BalancedBackend.Of(Balancer(algorithm), Limited(1, 1));
        backend.Take();
        backend.Take();

        Assert.Null(backend.Pick());
        backend[1].State.Leave();
        Assert.Equal("s2", backend.Pick()?.Name);
    }

    [Theory]
    [MemberData(nameof(Rotations))]
    public void Rotation_takes_the_server_to_avoid_only_when_there_is_no_other(string algorithm)
    {
        var backend = BalancedBackend.Of(Balancer(algorithm), Limited(1, 1));

        Assert.Equal("s2", backend.Pick(avoid: backend[0])?.Name);
        Assert.Equal("s2", backend.Pick(avoid: backend[0])?.Name);
        Assert.True(backend[1].State.TryEnter());
        Assert.Equal("s1", backend.Pick(avoid: backend[0])?.Name);
    }

    [Fact]
    public void RoundRobin_gives_a_server_that_comes_back_no_burst()
    {
        var backend = Of("roundrobin", 1, 1, 1, 1);
        backend[3].State.SetAvailability(ServerAvailability.Down);
        backend.Order(100);
        backend[3].State.SetAvailability(ServerAvailability.Open);

        var order = backend.Order(40).Split(' ');

        Assert.DoesNotContain("s4 s4", string.Join(' ', order), StringComparison.Ordinal);
        Assert.InRange(order.Count(static s => s == "s4"), 9, 11);
    }

    [Fact]
    public void RoundRobin_follows_a_weight_that_is_set_while_it_runs()
    {
        var backend = Of("roundrobin", 1, 1, 1);
        backend.Order(5);

        backend[0].State.SetWeight(4);
        backend.Order(60); // the turn under way goes on

        Assert.Equal([40, 10, 10], backend.Shares(60));
    }

    [Fact]
    public void RoundRobin_with_many_servers_serves_each_once_a_turn()
    {
        var backend = Of("roundrobin", [.. Enumerable.Repeat(1, 1_000)]);

        Assert.All(backend.Shares(1_000), static share => Assert.Equal(1, share));
    }

    [Fact]
    public void StaticRoundRobin_goes_by_its_table() => Assert.Equal("s1 s1 s2 s1 s3 s1 s1 s2 s1 s3", Of("static-rr", 3, 1, 1).Order(10));

    [Fact]
    public void StaticRoundRobin_leaves_out_what_has_no_weight() => Assert.Equal("s2 s3 s2 s3", Of("static-rr", 0, 7, 7).Order(4));

    [Fact]
    public void StaticRoundRobin_knows_no_warm_up()
    {
        var time = new ManualTimeProvider();
        var servers = BalancedBackend.Weighted(1, 1);
        servers[0].SlowStart = TimeSpan.FromSeconds(100);
        var backend = BalancedBackend.Of(Balance.StaticRoundRobin, servers);

        backend[0].State.BeginWarmUp(time);

        Assert.Equal([5, 5], backend.Shares(10));
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("static-rr")]
    public void Rotation_allocates_nothing(string algorithm)
    {
        var backend = Of(algorithm, 5, 3, 1);
        var exchange = TestExchange.For("/");

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                backend.Pick(exchange);
            }
        });
    }

    [Fact]
    public void RoundRobin_among_threads_gives_each_its_share()
    {
        var backend = Of("roundrobin", 3, 2, 1);
        var shares = new int[3];

        Parallel.For(0, 60_000, i => Interlocked.Increment(ref shares[Array.IndexOf(backend.Backend.Servers, backend.Pick(TestExchange.For("/")))]));

        Assert.Equal([30_000, 20_000, 10_000], shares);
    }

    private static Balance Balancer(string algorithm) => algorithm == "roundrobin" ? Balance.RoundRobin : Balance.StaticRoundRobin;

    private static BalancedBackend Of(string algorithm, params int[] weights) => BalancedBackend.Of(Balancer(algorithm), weights);

    private static ServerOptions[] Limited(params int[] limits)
    {
        var servers = BalancedBackend.Weighted([.. limits.Select(static _ => 1)]);
        foreach (var (i, server) in servers.Index())
        {
            server.MaxConnections = limits[i];
        }

        return servers;
    }
}
