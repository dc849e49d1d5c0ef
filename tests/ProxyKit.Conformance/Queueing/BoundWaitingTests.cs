using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Those who wait for one server, when that goes down or as many wait as may: .</summary>
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

    [Fact]
    public async Task Those_who_find_the_queue_of_their_server_full_are_refused_at_once()
    {
        await StartWaitingAsync("no option redispatch", "maxqueue 5");

        var late = await BeginAsync("/late", "Cookie: S=one");

        Assert.Equal(503, (await late.ReadResponseAsync()).Status);
        var line = await LoggedAsync();
        Assert.Equal(("SQ", "web/s1", 0), (line.End, line.Server, line.Duration));
        Assert.Equal(5, Server().QueuedRequests);
        Free(6);
    }

    [Fact]
    public async Task Those_who_find_the_queue_of_their_server_full_are_served_by_another_where_they_may()
    {
        await StartWaitingAsync("option redispatch", "maxqueue 5");

        var late = await BeginAsync("/late", "Cookie: S=one");

        Assert.Equal("s2", (await late.ReadResponseAsync()).Text);
        var line = await LoggedAsync();
        Assert.Equal(("--", "web/s2", "+0"), (line.End, line.Server, line.Retries));
        Assert.Contains(" --DI ", line.Text, StringComparison.Ordinal); // what bound it was broken
        Free(6);
    }

    /// <summary>One request at the first server, and five that wait for it.</summary>
    private async Task<List<Task<WireMessage>>> StartWaitingAsync(string option, string limit = "")
    {
        var origin = HoldingOrigin("s1");
        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                {{option}}
                cookie S insert
                server s1 {s1} cookie one maxconn 1 {{limit}}
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
