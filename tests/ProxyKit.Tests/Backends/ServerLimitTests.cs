using ProxyKit.Tests.Queueing;

namespace ProxyKit.Tests.Backends;

public sealed class ServerLimitTests
{
    /// <summary>Q-19, Q-20.</summary>
    [Theory]
    [InlineData(10, 100, 1000, 50, 10)]
    [InlineData(10, 100, 1000, 100, 10)]
    [InlineData(10, 100, 1000, 500, 50)]
    [InlineData(10, 100, 1000, 999, 99)]
    [InlineData(10, 100, 1000, 1000, 100)]
    [InlineData(10, 100, 1000, 5000, 100)]
    [InlineData(100, 1000, 10000, 0, 100)]
    [InlineData(100, 1000, 10000, 5000, 500)]
    [InlineData(1, 10, 20, 2, 1)]
    [InlineData(1, 10, 20, 20, 10)]
    [InlineData(5, null, 100, 0, 5)] // alone it is a fixed limit
    [InlineData(5, 3, 100, 0, 5)] // above the most likewise
    [InlineData(null, 7, 100, 0, 7)]
    [InlineData(0, 7, 100, 0, 7)] // not said
    [InlineData(null, null, 100, 0, 0)]
    public void Limit_follows_the_backends_load(int? least, int? most, int full, int load, int expected)
    {
        using var bench = Bench(least, most, full, load);

        Assert.Equal(expected, bench[0].Limit);
    }

    /// <summary>Q-21.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 25)]
    [InlineData(95, 95)]
    [InlineData(100, 100)]
    public void Server_that_warms_up_has_a_part_of_its_limit(int percent, int expected)
    {
        using var bench = new QueueBench(static o => o.Servers[0].SlowStart = TimeSpan.FromSeconds(100), 100);
        bench[0].BeginWarmUp(bench.Time);

        bench.Time.Advance(TimeSpan.FromSeconds(percent));

        Assert.Equal(expected, bench[0].Limit);
    }

    /// <summary>What a server has had to do since before its circuit opened is no trial, neither while it lasts nor when it ends.</summary>
    [Fact]
    public void Trials_are_counted_by_themselves()
    {
        using var bench = new QueueBench(100);
        Assert.True(bench[0].TryEnter());
        Assert.True(bench[0].TryEnter());
        bench[0].SetCircuit(isOpen: false, trials: 1, generation: 1);

        Assert.Equal((true, false), (bench[0].TryEnter(), bench[0].TryEnter()));
        bench[0].Leave(generation: 0);
        Assert.False(bench[0].TryEnter());
        bench[0].Leave(generation: 1);
        Assert.True(bench[0].TryEnter());
    }

    [Fact]
    public void Limit_that_was_set_takes_the_place_of_both_where_they_are_one()
    {
        using var bench = Bench(null, 10, 100, 0);

        bench[0].SetMaxConnections(30);
        Assert.Equal(30, bench[0].Limit);
        bench[0].SetMaxConnections(0);
        Assert.Equal(0, bench[0].Limit);
        bench[0].SetMaxConnections(null);
        Assert.Equal(10, bench[0].Limit);
    }

    [Fact]
    public void Limit_that_was_set_takes_the_place_of_the_most_alone_where_there_is_a_least()
    {
        using var bench = Bench(2, 10, 100, 50);

        bench[0].SetMaxConnections(40);

        Assert.Equal(20, bench[0].Limit);
    }

    private static QueueBench Bench(int? least, int? most, int full, int load)
    {
        var bench = new QueueBench(o =>
        {
            o.FullConnections = full;
            (o.Servers[0].MinConnections, o.Servers[0].MaxConnections) = (least, most);
        }, 0);
        for (var i = 0; i < load; i++)
        {
            bench.Backend.State.Enter();
        }

        return bench;
    }
}
