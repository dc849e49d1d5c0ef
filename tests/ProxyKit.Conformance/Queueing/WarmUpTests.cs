using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Queueing;

/// <summary>How much a server does at once that has just come back: Q-21.</summary>
public sealed class WarmUpTests : ConfiguredTest
{
    [Fact]
    public async Task Limit_of_a_server_that_comes_back_grows_with_the_time_and_so_does_what_it_takes_from_the_queue()
    {
        var origin = HoldingOrigin();
        await StartAsync(
            """
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                server s1 {s1} maxconn 10 slowstart 20s
                server s2 {s2} backup
            """,
            origin, OkOrigin());
        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        Proxy.SetServerHealth("web", "s1", ForcedHealth.Up);
        var calls = Enumerable.Range(0, 12).Select(_ => GetAsync()).ToArray();
        await QueuedAsync(11);

        foreach (var (seconds, expected) in ((int, int)[])[(5, 2), (5, 5), (5, 7), (6, 10)])
        {
            for (var i = 0; i < seconds; i++)
            {
                Time.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.Equal((expected, 12 - expected), (Server().ActiveRequests, Proxy.GetQueuedRequests("web")));
        }

        Free(12);
        Assert.All(await Task.WhenAll(calls), static r => Assert.Equal(200, r.Status));
    }
}
