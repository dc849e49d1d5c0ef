using ProxyKit.Backends;

namespace ProxyKit.Conformance.Tcp;

/// <summary>TCP frontends whose rules have some connections be read as HTTP.</summary>
public abstract class SwitchModeTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Connection_that_begins_as_HTTP_is_served_request_by_request()
    {
        await StartAsync();
        var client = await ConnectAsync();

        await client.SendAsync("GET /a HTTP/1.1", "Host: a", "", "");
        Assert.Equal("ok", (await client.ReadResponseAsync()).Text);
        await client.SendAsync("GET /b HTTP/1.1", "Host: a", "", "");
        Assert.Equal("ok", (await client.ReadResponseAsync()).Text);

        var (first, second) = (await LoggedAsync(1), await LoggedAsync(2));
        Assert.Equal(("GET /a HTTP/1.1", "GET /b HTTP/1.1", 200), (first.Request, second.Request, second.Status));
    }

    [Fact]
    public async Task Requests_that_came_together_are_all_served()
    {
        await StartAsync();
        var client = await ConnectAsync();

        await client.SendAsync("GET /a HTTP/1.1", "Host: a", "", "GET /b HTTP/1.1", "Host: a", "", "");

        Assert.Equal("ok", (await client.ReadResponseAsync()).Text);
        Assert.Equal("ok", (await client.ReadResponseAsync()).Text);
    }

    [Fact]
    public async Task Another_connection_is_a_tunnel_as_before()
    {
        await StartAsync();
        var client = await ConnectAsync();

        await client.SendRawAsync("hello\r\n");

        await client.ExpectAsync("world");
        client.ShutdownSend();
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Request_that_is_none_is_answered_as_in_HTTP_mode()
    {
        await StartAsync(always: true);
        var client = await ConnectAsync();

        await client.SendAsync("hello", "", "");

        Assert.Equal(400, (await client.ReadResponseAsync()).Status);
    }

    private Task StartAsync(bool always = false)
    {
        var http = OkOrigin();
        var raw = RawOrigin(static async wire =>
        {
            await wire.ExpectAsync("hello\r\n");
            await wire.SendAsync("world");
        });
        return StartAsync(p => p
            .AddFrontend("public", f => f
                .Mode(ProxyMode.Tcp)
                .Bind("127.0.0.1:0")
                .OnContent(rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).SwitchToHttp(always ? null : Match.Parse("{ req.proto_http }")))
                .Route(Match.Parse("{ req.proto_http }"), to: "web")
                .DefaultBackend(always ? "web" : "raw"))
            .AddBackend("web", b => b.AddServer("s1", http.Address))
            .AddBackend("raw", b => b.Mode(ProxyMode.Tcp).AddServer("s1", raw.Address)));
    }
}

public sealed class SwitchModeOverSocketsTests() : SwitchModeTests(Carrier.Sockets);

public sealed class SwitchModeInMemoryTests() : SwitchModeTests(Carrier.Memory);

public sealed class SwitchModeInPiecesTests() : SwitchModeTests(Carrier.Pieces);
