using ProxyKit.Backends;

namespace ProxyKit.Conformance.Queueing;

public abstract class SocketLimitTests(Carrier carrier) : QueueTest(carrier)
{
    /// <summary>Q-06: clients that may not share connections each want one of their own, and idle ones have to go for it.</summary>
    [Fact]
    public async Task Server_never_sees_more_sockets_than_its_limit()
    {
        var most = 0;
        var origin = Origin(async exchange =>
        {
            most = Math.Max(most, Server().State.Sockets.Open);
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin, backend: Strict(2));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await GetAsync()).Status);
            Assert.InRange(origin.OpenConnections, 1, 2);
        }

        Assert.Equal(2, most);
        Assert.Equal(20, origin.Connections);
        await origin.OpenConnectionsAsync(Server().State.Sockets.Open);
    }

    [Fact]
    public async Task Sockets_that_clients_keep_to_themselves_leave_no_room()
    {
        var origin = Origin(static exchange => exchange.AnswerAsync("HTTP/1.1 401 No", "WWW-Authenticate: NTLM", "Content-Length: 0", "", ""));
        await StartAsync(origin, backend: Strict(1));
        var owner = await ConnectAsync();
        Assert.Equal(401, (await GetAsync(owner)).Status); // its connection stays its own
        await LoggedAsync();

        Assert.Equal(503, (await AdvanceUntilAsync(GetAsync())).Status);
        Assert.Equal("RC", (await LoggedAsync(2)).End);

        await owner.DisposeAsync();
        await UntilAsync(() => Server().State.Sockets.Open == 0); // the session ends when it notices

        Assert.Equal(401, (await GetAsync()).Status);
    }

    [Fact]
    public async Task Refused_connection_is_not_counted()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: b => b.Retries(0).Configure(static o => (o.Servers[0].MaxConnections, o.Servers[0].LimitsSockets) = (1, true)));
        origin.StopListening();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(503, (await GetAsync()).Status);
        }

        Assert.Equal(0, Server().State.Sockets.Open);
        Assert.All(new[] { await LoggedAsync(1), await LoggedAsync(2), await LoggedAsync(3) }, static line => Assert.Equal("SC", line.End));
    }

    [Fact]
    public async Task Tunnels_are_counted()
    {
        var origin = RawOrigin(static async wire => await wire.SendAsync("hello"));
        await StartAsync(origin, f => f.Mode(ProxyMode.Tcp), b => Strict(1)(b.Mode(ProxyMode.Tcp)));
        for (var i = 0; i < 3; i++)
        {
            var client = await ConnectAsync();
            await client.ExpectAsync("hello");
            await client.DisposeAsync();
            await LoggedAsync(i + 1);
        }
    }

    private static Action<BackendBuilder> Strict(int count) =>
        b => b.Retries(0).Configure(o => (o.Servers[0].MaxConnections, o.Servers[0].LimitsSockets) = (count, true));

    public sealed class OverSockets() : SocketLimitTests(Carrier.Sockets);

    public sealed class InMemory() : SocketLimitTests(Carrier.Memory);
}
