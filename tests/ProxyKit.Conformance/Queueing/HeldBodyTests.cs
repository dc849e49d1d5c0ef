using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Queueing;

/// <summary>What comes of a body while its request waits.</summary>
public sealed class HeldBodyTests : ConfiguredTest
{
    /// <summary>Rules have waited for the beginning of the bodies, and the servers are chosen by that, once and once more, when more of them has come.</summary>
    [Fact]
    public async Task Server_is_chosen_anew_by_what_was_there_of_the_body_when_rules_waited_for_it()
    {
        const int Clients = 8, MoreThanIsHeld = 60_000;
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                balance hash req.body
                hash-type consistent
                http-request wait-for-body time 10s at-least 10
                option redispatch
                server s1 {s1} maxconn 1
                server s2 {s2} maxconn 1 disabled
                server s3 {s3} maxconn 1 disabled
            """, OkOrigin(), OkOrigin(), OkOrigin());
        var servers = Proxy.GetServers("web");
        Assert.All(servers, static s => Assert.True(s.State.TryEnter())); // so that all wait
        for (var i = 0; i < Clients; i++)
        {
            var client = await SendAsync(i);
            await UntilAsync(() => servers[0].QueuedRequests == i + 1);
            await client.SendRawAsync(new string('x', MoreThanIsHeld));
        }

        Proxy.SetServerMode("web", "s2", ServerMode.Ready);
        Proxy.SetServerMode("web", "s3", ServerMode.Ready);
        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        await UntilAsync(() => servers.Skip(1).Sum(static s => s.QueuedRequests) == Clients);
        var (second, third) = (servers[1].QueuedRequests, servers[2].QueuedRequests);
        for (var i = 0; i < Clients; i++)
        {
            await SendAsync(i);
        }

        await UntilAsync(() => servers.Skip(1).Sum(static s => s.QueuedRequests) == 2 * Clients);
        Assert.Equal((second, third), (servers[1].QueuedRequests - second, servers[2].QueuedRequests - third));
        Proxy.SetServerHealth("web", "s2", ForcedHealth.Down);
        Proxy.SetServerHealth("web", "s3", ForcedHealth.Down); // nobody reads from clients of which enough is held: they are told to go
        foreach (var server in servers)
        {
            server.State.Leave();
        }
    }

    private async Task<WireClient> SendAsync(int number)
    {
        var client = await ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 100000", "", $"{number * 7919:D10}");
        return client;
    }
}
