using ProxyKit.Backends;
using ProxyKit.Testing;
using ProxyKit.Tests.Balancing;

namespace ProxyKit.Tests.Backends;

public sealed class WarmUpTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Server_begins_with_all_of_its_work_when_the_proxy_starts()
    {
        var backend = Backend(TimeSpan.FromSeconds(20));

        Assert.Equal(160, backend[0].State.EffectiveWeight);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 5)]
    [InlineData(2, 2, 10)]
    [InlineData(5, 5, 25)]
    [InlineData(10, 9, 50)]
    [InlineData(19, 16, 95)]
    [InlineData(20, 16, 100)]
    [InlineData(60, 16, 100)]
    public void Weight_and_limit_rise_in_proportion_to_the_time(int second, int sixteenths, int limit)
    {
        var backend = Backend(TimeSpan.FromSeconds(20));

        backend[0].State.BeginWarmUp(_time);
        _time.Advance(TimeSpan.FromSeconds(second));

        Assert.Equal((sixteenths * 10, limit), (backend[0].State.EffectiveWeight, backend[0].State.Limit));
    }

    [Fact]
    public void Steps_are_a_twentieth_of_the_whole_and_a_second_at_least()
    {
        var backend = Backend(TimeSpan.FromSeconds(100));
        var changes = 0;
        backend.Backend.State.ServersChanged += () => changes++;

        backend[0].State.BeginWarmUp(_time);
        _time.Advance(TimeSpan.FromSeconds(1_000));

        Assert.Equal(20 + 1, changes); // and the one with which it began
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public void Parts_of_a_second_count_as_whole_ones()
    {
        var backend = Backend(TimeSpan.FromMilliseconds(1_200));

        backend[0].State.BeginWarmUp(_time);
        _time.Advance(TimeSpan.FromMilliseconds(1_900));
        var before = backend[0].State.EffectiveWeight;
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal((90, 160), (before, backend[0].State.EffectiveWeight));
    }

    [Theory]
    [InlineData(ServerAvailability.Down)]
    [InlineData(ServerAvailability.Maintenance)]
    internal void Server_that_fails_again_begins_anew(ServerAvailability availability)
    {
        var backend = Backend(TimeSpan.FromSeconds(20));
        backend[0].State.BeginWarmUp(_time);
        _time.Advance(TimeSpan.FromSeconds(15));

        backend[0].State.SetAvailability(availability);
        Assert.Equal(0, _time.ActiveTimers);
        backend[0].State.BeginWarmUp(_time);
        backend[0].State.SetAvailability(ServerAvailability.Open);

        Assert.Equal(10, backend[0].State.EffectiveWeight);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(90, backend[0].State.EffectiveWeight);
    }

    [Fact]
    public void Server_that_comes_back_has_well_below_half_of_its_share_at_first_and_all_of_it_in_the_end()
    {
        var backend = Backend(TimeSpan.FromSeconds(20));
        backend[0].State.SetAvailability(ServerAvailability.Down);
        backend.Shares(100);
        backend[0].State.BeginWarmUp(_time);
        backend[0].State.SetAvailability(ServerAvailability.Open);

        _time.Advance(TimeSpan.FromSeconds(5));
        backend.Shares(500);
        var early = backend.Shares(1_000)[0];
        _time.Advance(TimeSpan.FromSeconds(20));
        backend.Shares(500);

        Assert.InRange(early, 150, 249);
        Assert.InRange(backend.Shares(1_000)[0], 499, 501);
    }

    [Fact]
    public void Server_without_a_warm_up_has_all_at_once()
    {
        var backend = Backend(null);

        backend[0].State.BeginWarmUp(_time);

        Assert.Equal((160, 100), (backend[0].State.EffectiveWeight, backend[0].State.Limit));
    }

    private static BalancedBackend Backend(TimeSpan? slowStart)
    {
        var servers = BalancedBackend.Weighted(10, 10);
        (servers[0].SlowStart, servers[0].MaxConnections) = (slowStart, 100);
        return BalancedBackend.Of(Balance.RoundRobin, servers);
    }
}
