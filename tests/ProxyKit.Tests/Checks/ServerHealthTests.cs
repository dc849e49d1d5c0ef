using ProxyKit.Checks;
using ProxyKit.Tests.Queueing;

namespace ProxyKit.Tests.Checks;

public sealed class ServerHealthTests
{
    /// <summary>Who reads that a server is down must not see a request go there that comes later.</summary>
    [Fact]
    public void Status_is_told_once_balancing_goes_by_it_and_not_before()
    {
        using var bench = new QueueBench(1);
        var health = bench[0].Health;
        var told = new List<(string, int)>();
        bench[0].Backend.ServersChanged += () => told.Add((health.Status, bench.Backend.CandidateCount)); // whoever has to know is being told

        health.Administer(ServerMode.Maintenance, null);

        Assert.Equal([("no check", 0)], told);
        Assert.Equal(("MAINT", false), (health.Status, health.IsUp));
    }
}
