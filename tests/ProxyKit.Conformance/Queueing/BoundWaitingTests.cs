using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Those who wait for one server, when that goes down: Q-12.</summary>
public sealed class BoundWaitingTests : ConfiguredTest
{
    [Fact]
    public async Task Those_who_waited_for_a_server_that_goes_down_are_served_by_another()
    {
        var calls = await StartWaitingAsync("option redispatch");

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);

        Assert.Equal(Enumerable.Repeat("s2", 5), (await Task.WhenAll(calls)).Select(static r => r.Text));
    }

    [Fact]
    public async Task Those_who_may_not_be_sent_elsewhere_go_on_waiting()
    {
        var calls = await StartWaitingAsync("no option redispatch");

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);

        Assert.Equal(5, Server().QueuedRequests);
        Free(6);
        Assert.Equal(Enumerable.Repeat("s1", 5), (await Task.WhenAll(calls)).Select(static r => r.Text));
    }

    /// <summary>One request at the first server, and five that wait for it.</summary>
    private async Task<List<Task<WireMessage>>> StartWaitingAsync(string option)
    {
        var origin = HoldingOrigin("s1");
        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                {{option}}
                cookie S
                server s1 {s1} cookie one maxconn 1
                server s2 {s2} cookie two
            """, origin, Origin(static e => e.AnswerOkAsync("s2")));
        await BeginAsync("/", "Cookie: S=one");
        await origin.RequestAsync();
        var calls = new List<Task<WireMessage>>();
        for (var i = 0; i < 5; i++)
        {
            var client = await BeginAsync("/", "Cookie: S=one");
            calls.Add(client.ReadResponseAsync());
        }

        await UntilAsync(() => Server().QueuedRequests == calls.Count);
        return calls;
    }
}
