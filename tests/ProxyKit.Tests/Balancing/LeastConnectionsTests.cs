using ProxyKit.Backends;
using ProxyKit.Tests.Rules;

namespace ProxyKit.Tests.Balancing;

public sealed class LeastConnectionsTests
{
    [Fact]
    public void LeastConnections_when_all_are_equal_takes_turns()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 1, 1, 1);

        Assert.Equal(["s1", "s2", "s3", "s1", "s2", "s3"], Enumerable.Range(0, 6).Select(_ => backend.Take().Name));
    }

    [Fact]
    public void LeastConnections_tries_every_idle_server_before_a_busy_one_whatever_the_weights()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 100, 1, 50);

        Assert.Equal(["s1", "s2", "s3", "s1"], Enumerable.Range(0, 4).Select(_ => backend.Take().Name));
    }

    [Fact]
    public void LeastConnections_under_load_keeps_the_proportion_of_the_weights()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 1, 2, 5);
        for (var i = 0; i < 800; i++)
        {
            backend.Take();
        }

        Assert.InRange(backend[0].ActiveRequests, 98, 102);
        Assert.InRange(backend[1].ActiveRequests, 198, 202);
        Assert.InRange(backend[2].ActiveRequests, 498, 502);
    }

    [Fact]
    public void LeastConnections_counts_those_that_wait()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 1, 1);
        backend[0].State.NoteQueued(3);
        Assert.True(backend[1].State.TryEnter());

        Assert.Equal("s2", backend.Pick()?.Name);
    }

    [Fact]
    public void LeastConnections_goes_to_who_has_become_free()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 1, 1, 1);
        for (var i = 0; i < 6; i++)
        {
            backend.Take();
        }

        backend[1].State.Leave();

        Assert.Equal("s2", backend.Take().Name);
    }

    [Fact]
    public void LeastConnections_passes_by_the_full_and_lets_wait_where_some_may()
    {
        var servers = BalancedBackend.Weighted(1, 1);
        (servers[0].MaxConnections, servers[1].MaxConnections, servers[1].MaxQueue) = (1, 2, 3);
        var backend = BalancedBackend.Of(Balance.LeastConnections, servers);

        Assert.Equal(["s1", "s2", "s2"], Enumerable.Range(0, 3).Select(_ => backend.Take().Name));
        Assert.Equal("s2", backend.Pick()?.Name); // to wait there
        backend[1].State.NoteQueued(3);
        Assert.Null(backend.Pick());
    }

    [Fact]
    public void LeastConnections_takes_the_server_to_avoid_only_when_there_is_no_other()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 1, 1);
        Assert.True(backend[1].State.TryEnter());

        Assert.Equal("s2", backend.Pick(avoid: backend[0])?.Name);
        backend[1].State.SetAvailability(ServerAvailability.Down);
        Assert.Equal("s1", backend.Pick(avoid: backend[0])?.Name);
    }

    [Fact]
    public void LeastConnections_keeps_its_order_when_the_candidates_change()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 1, 1, 1, 1);
        backend.Take();
        backend.Take();
        backend[0].State.Leave();
        backend[1].State.Leave();

        backend[2].State.SetAvailability(ServerAvailability.Down);

        Assert.Equal(["s4", "s1", "s2"], Enumerable.Range(0, 3).Select(_ => backend.Take().Name));
    }

    [Fact]
    public void LeastConnections_of_two_configurations_at_once_follow_what_servers_have_to_do()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 1, 1);
        var older = BalancedBackend.Of(Balance.LeastConnections, 1, 1).Backend.Strategy;
        backend.Take();
        var newer = backend.Backend.Strategy;
        for (var i = 0; i < 3; i++)
        {
            backend.Backend.Strategy = older; // an exchange of the last configuration tries again
            backend.Take();
            backend.Backend.Strategy = newer;
            backend.Take();
        }

        Assert.InRange(backend[0].ActiveRequests, 3, 4);
        Assert.InRange(backend[1].ActiveRequests, 3, 4);
    }

    [Fact]
    public void LeastConnections_among_threads_loses_no_change()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, [.. Enumerable.Repeat(1, 20)]);

        Parallel.For(0, 50_000, _ =>
        {
            var server = backend.Pick(TestExchange.For("/"))!; // without limits there is always one
            Assert.True(server.State.TryEnter());
            server.State.Leave();
        });
        for (var i = 0; i < 20; i++)
        {
            backend.Take();
        }

        Assert.All(backend.Backend.Servers, static s => Assert.Equal(1, s.ActiveRequests));
    }

    [Fact]
    public void LeastConnections_allocates_nothing()
    {
        var backend = BalancedBackend.Of(Balance.LeastConnections, 5, 3, 1);
        var exchange = TestExchange.For("/");

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                var server = backend.Pick(exchange)!; // without limits there is always one
                server.State.TryEnter();
                server.State.Leave();
            }
        });
    }
}
