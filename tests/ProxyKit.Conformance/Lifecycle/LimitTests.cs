namespace ProxyKit.Conformance.Lifecycle;

public abstract class LimitTests(Carrier carrier) : ProxyTest(carrier)
{
    /// <summary>Q-01: at the limit newcomers wait and are not refused.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_over_the_limit_waits_and_is_served_when_another_goes(bool ofProcess)
    {
        var origin = OkOrigin();
        await StartAsync(proxy =>
        {
            Compose([origin], frontend => frontend.Configure(o => o.MaxConnections = ofProcess ? null : 10))(proxy);
            proxy.Configure(o => o.MaxConnections = ofProcess ? 10 : null);
        });
        var clients = new List<WireClient>();
        for (var i = 0; i < 10; i++)
        {
            clients.Add(await ConnectAsync());
            Assert.Equal(200, (await GetAsync(clients[i])).Status);
        }

        WireClient[] late = [await ConnectAsync(), await ConnectAsync()]; // into the kernel's queue: not refused
        await late[0].SendAsync("GET /late/1 HTTP/1.1", "Host: a", "", "");
        await late[1].SendAsync("GET /late/2 HTTP/1.1", "Host: a", "", "");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await GetAsync(clients[i])).Status);
        }

        Assert.Equal(10, Proxy.Connections);
        Assert.Empty(Late());

        await clients[3].DisposeAsync();
        Assert.Equal(200, (await late[0].ReadResponseAsync()).Status);
        Assert.Equal(10, Proxy.Connections);
        Assert.Equal(["/late/1"], Late());

        await clients[7].DisposeAsync();
        Assert.Equal(200, (await late[1].ReadResponseAsync()).Status);

        IEnumerable<string> Late() => origin.Requests.Select(static r => r.Target).Where(static t => t.StartsWith("/late", StringComparison.Ordinal));
    }

    /// <summary>Q-03.</summary>
    [Fact]
    public async Task Full_frontend_leaves_room_for_the_others()
    {
        var origin = OkOrigin();
        await StartAsync(proxy => proxy
            .AddFrontend("small", frontend => frontend.Bind("127.0.0.1:0").DefaultBackend("web").MaxConnections(1))
            .AddFrontend("other", frontend => frontend.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", backend => backend.AddServer("s1", origin.Address)));
        var first = await ConnectAsync(bind: 0);
        Assert.Equal(200, (await GetAsync(first)).Status);
        var waiting = await ConnectAsync(bind: 0);
        await waiting.SendAsync("GET /waiting HTTP/1.1", "Host: a", "", "");

        Assert.Equal(200, (await GetAsync(await ConnectAsync(bind: 1))).Status);
        Assert.DoesNotContain(origin.Requests, r => r.Target == "/waiting");

        await first.DisposeAsync();
        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Limit_that_a_reload_raises_lets_those_in_who_wait()
    {
        var origin = OkOrigin();
        await StartAsync(Compose([origin], frontend => frontend.MaxConnections(1)));
        Assert.Equal(200, (await GetAsync(await ConnectAsync())).Status);
        var waiting = await ConnectAsync();
        await waiting.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await ReloadAsync(Compose([origin], frontend => frontend.MaxConnections(2)));

        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Full_address_leaves_room_for_the_frontends_others()
    {
        var origin = OkOrigin();
        await StartAsync(Compose([origin], frontend => frontend.Bind("127.0.0.1:0", static bind => bind.MaxConnections(1))));
        var first = await ConnectAsync(bind: 1);
        Assert.Equal(200, (await GetAsync(first)).Status);
        var waiting = await ConnectAsync(bind: 1);
        await waiting.SendAsync("GET /waiting HTTP/1.1", "Host: a", "", "");

        Assert.Equal(200, (await GetAsync(await ConnectAsync(bind: 0))).Status);
        Assert.DoesNotContain(origin.Requests, r => r.Target == "/waiting");

        await first.DisposeAsync();
        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Clients_over_the_rate_are_accepted_when_one_more_fits()
    {
        var origin = OkOrigin();
        await StartAsync(Compose([origin], static frontend => frontend.MaxSessionRate(3)));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await GetAsync()).Status);
        }

        var late = await ConnectAsync(); // into the kernel's queue: not refused
        await late.SendAsync("GET /late HTTP/1.1", "Host: a", "", "");
        Assert.DoesNotContain(origin.Requests, r => r.Target == "/late");

        Assert.Equal(200, (await AdvanceUntilAsync(late.ReadResponseAsync())).Status);
    }

    [Fact]
    public async Task Clients_that_a_rule_refuses_do_not_count_as_sessions()
    {
        var origin = OkOrigin();
        await StartAsync(Compose([origin], static frontend => frontend.MaxSessionRate(1).OnConnection(static rules => rules.Reject(Match.Parse("{ src 127.0.0.2 }")))));
        for (var i = 0; i < 3; i++)
        {
            if (IsInMemory)
            {
                break; // all clients have one address there
            }

            var refused = await WireClient.ConnectAsync(Proxy.EndPoints[0]!, new System.Net.IPEndPoint(System.Net.IPAddress.Parse("127.0.0.2"), 0));
            await refused.ExpectClosedAsync();
            await refused.DisposeAsync();
        }

        Assert.Equal(200, (await GetAsync()).Status);
    }

    /// <summary>Q-02; its exact value stands in <c>ProcessLimitsTests</c>.</summary>
    [Fact]
    public async Task Limit_of_the_process_comes_from_its_descriptors_where_nobody_sets_it()
    {
        await StartAsync(OkOrigin());

        var most = File.Exists("/proc/self/limits") ? Runtime.ProcessLimits.MaxConnections(File.ReadLines("/proc/self/limits"), inUse: 0) : int.MaxValue;
        Assert.InRange(Proxy.MaxConnections, 1, most == int.MaxValue ? most : most - 1); // others are in use already
        Assert.Equal(Proxy.MaxConnections, Proxy.GetStatistics().Process.ConnectionLimit);
        Assert.Equal(200, (await GetAsync()).Status);
    }

    public sealed class OverSockets() : LimitTests(Carrier.Sockets);

    public sealed class InMemory() : LimitTests(Carrier.Memory);
}
