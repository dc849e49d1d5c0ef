using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Tests.Queueing;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class QueueFetchesTests
{
    /// <summary>Q-33: two busy servers with three waiting for any and one for the second.</summary>
    [Theory]
    [InlineData("queue(b)", "4")]
    [InlineData("avg_queue(b)", "2")]
    [InlineData("srv_queue(b/s1)", "0")]
    [InlineData("srv_queue(b/s2)", "1")]
    [InlineData("str(b/s2),srv_queue", "1")]
    [InlineData("srv_conn(b/s2)", "2")]
    [InlineData("srv_conn_free(b/s1)", "0")]
    [InlineData("be_conn_free(b)", "0")]
    [InlineData("connslots(b)", "2")] // one place in each queue
    public void Queues_are_told(string expression, string expected)
    {
        using var bench = new QueueBench(static o => o.Servers.ToList().ForEach(static s => s.MaxQueue = s.Name == "s1" ? 1 : 2), 1, 2);
        bench.Fill(0);
        bench.Fill(1);
        for (var i = 0; i < 3; i++)
        {
            bench.Wait();
        }

        bench.Wait(server: 1);

        Assert.Equal(expected, Ask(bench, expression));
    }

    [Theory]
    [InlineData("be_conn_free(b)", "-1")]
    [InlineData("connslots(b)", "-1")]
    [InlineData("srv_conn_free(b/s2)", "-1")]
    [InlineData("srv_conn_free(b/s1)", "3")]
    public void Server_without_a_limit_has_no_number_of_places(string expression, string expected)
    {
        using var bench = new QueueBench(3, 0);

        Assert.Equal(expected, Ask(bench, expression));
    }

    [Fact]
    public void Places_are_those_of_servers_in_use()
    {
        using var bench = new QueueBench(3, 5, -7);
        Assert.Equal("8", Ask(bench, "be_conn_free(b)"));

        bench[0].SetAvailability(ServerAvailability.Down);
        Assert.Equal("5", Ask(bench, "be_conn_free(b)"));

        bench[1].SetAvailability(ServerAvailability.Maintenance);
        Assert.Equal("7", Ask(bench, "be_conn_free(b)"));
    }

    [Fact]
    public void Average_without_servers_is_twice_the_queue()
    {
        using var bench = new QueueBench(static o => o.Redispatch = false, 1);
        bench.Fill();
        bench.Wait(server: 0);
        bench[0].SetAvailability(ServerAvailability.Down);

        Assert.Equal("2", Ask(bench, "avg_queue(b)"));
    }

    private static string? Ask(QueueBench bench, string expression) =>
        TestExchange.For("/").Ask(expression, new RuleCompiler { Backends = new Dictionary<string, Backend> { ["b"] = bench.Backend } });
}
