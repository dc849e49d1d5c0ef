using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Checks;

/// <summary>What a program can see of servers, queues and connections while the proxy runs: MX-08, MX-14 and MX-15, as far as they are about this.</summary>
public sealed class ServerFiguresTests : ConfiguredTest
{
    [Fact]
    public async Task Servers_that_stop_show_why_and_are_not_counted() // MX-08
    {
        var origins = Enumerable.Range(0, 4).Select(_ => OkOrigin()).ToArray();
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                http-request return content-type text/plain lf-string %[nbsrv(web)] if { path /servers }
                default_backend web
            backend web
                default-server check
                server s1 {s1}
                server s2 {s2}
                server s3 {s3}
                server s4 {s4}
            """, origins);
        await PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal("4", (await AskAsync("/servers")).Text);

        origins[0].StopListening();
        origins[2].StopListening();
        await PassAsync(TimeSpan.FromSeconds(6));

        Assert.Equal("2", (await AskAsync("/servers")).Text);
        Assert.Equal(["DOWN", "UP", "DOWN", "UP"], Proxy.GetServers("web").Select(static s => s.Status));
        Assert.Equal(
            [CheckStatus.Layer4Failed, CheckStatus.Layer4Passed, CheckStatus.Layer4Failed, CheckStatus.Layer4Passed],
            Proxy.GetServers("web").Select(static s => s.LastCheck?.Status ?? default));
    }

    [Fact]
    public async Task Those_who_wait_are_counted_until_they_are_served() // MX-14
    {
        var origin = await StartHoldingAsync("maxconn 1");
        var calls = new List<Task<WireMessage>>();
        for (var i = 0; i < 5; i++)
        {
            calls.Add(GetAsync());
        }

        await QueuedAsync(4);

        Assert.Equal((1, 0), (Server().ActiveRequests, Server().QueuedRequests));
        Free(5);
        await Task.WhenAll(calls);
        await LoggedAsync(5);
        Assert.Equal((0, 0), (Proxy.GetQueuedRequests("web"), Server().ActiveRequests));
        Assert.Equal((5, 5L), (origin.Requests.Count, Server().TotalRequests));
    }

    [Fact]
    public async Task Connections_are_counted_while_they_are_open() // MX-15
    {
        await StartHoldingAsync("");
        var clients = new List<WireClient>();
        for (var i = 0; i < 10; i++)
        {
            clients.Add(await ConnectAsync());
        }

        await UntilAsync(() => Proxy.Connections == 10);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        await UntilAsync(() => Proxy.Connections == 0);
    }

    private async Task<WireOrigin> StartHoldingAsync(string server)
    {
        var origin = HoldingOrigin();
        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                server s1 {s1} {{server}}
            """, origin);
        return origin;
    }
}
