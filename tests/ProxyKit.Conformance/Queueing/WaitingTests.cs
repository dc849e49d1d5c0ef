using ProxyKit.Backends;
using ProxyKit.Checks;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Who waits where, and in which order.</summary>
public abstract class WaitingTests(Carrier carrier) : QueueTest(carrier)
{
    /// <summary>Q-04.</summary>
    [Fact]
    public async Task Server_never_sees_more_requests_than_its_limit()
    {
        var (inside, seen) = (0, new System.Collections.Concurrent.ConcurrentBag<int>());
        var origin = Origin(async exchange =>
        {
            seen.Add(Interlocked.Increment(ref inside));
            await FreedAsync();
            Interlocked.Decrement(ref inside);
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin, backend: Limited(3));

        var all = Enumerable.Range(0, 10).Select(_ => GetAsync()).ToArray();
        await QueuedAsync(7);
        Assert.Equal(3, Server().ActiveRequests);
        Free(10);

        Assert.All(await Task.WhenAll(all), static response => Assert.Equal(200, response.Status));
        Assert.Equal(3, seen.Max());
    }

    /// <summary>Two servers fail at once and have room, a third one is well and full: more retries than there are servers would be used up in no time.</summary>
    [Fact]
    public async Task Retry_waits_for_the_server_that_is_well_rather_than_go_back_to_those_that_fail()
    {
        WireOrigin[] bad = [OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", ""), OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", "")];
        await StartAsync(Compose([HoldingOrigin(), .. bad], backend: b =>
        {
            Limited(1)(b);
            b.Retries(3).RetryOn(RetryCauses.None, 503);
        }));
        var first = await BeginAsync();
        await UntilAsync(() => Server().ActiveRequests == 1, "the first request to be at its server");

        var second = await BeginAsync();
        await UntilAsync(() => Server().QueuedRequests == 1, "the second one to wait there");
        Free(2);

        Assert.Equal(200, (await first.ReadResponseAsync()).Status);
        Assert.Equal(200, (await second.ReadResponseAsync()).Status);
        Assert.All(bad, static origin => Assert.Single(origin.Requests));
        Assert.Contains("+2", (string[])[(await LoggedAsync()).Retries, (await LoggedAsync(2)).Retries]);
    }

    /// <summary>Q-05.</summary>
    [Fact]
    public async Task Idle_connections_take_no_place()
    {
        await StartAsync(OkOrigin(), backend: Limited(1));
        var clients = new List<WireClient>();
        for (var i = 0; i < 5; i++)
        {
            clients.Add(await ConnectAsync());
            Assert.Equal(200, (await GetAsync(clients[i])).Status);
            Assert.Equal(0, Server().ActiveRequests); // given back before the client has the last byte
        }
    }

    /// <summary>Q-07.</summary>
    [Fact]
    public async Task Without_a_limit_nobody_waits()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin);
        for (var i = 0; i < 100; i++)
        {
            await BeginAsync();
        }

        await origin.RequestAsync(100);
        Assert.Equal(100, Server().ActiveRequests);
        Free(100);
    }

    /// <summary>Q-07.</summary>
    [Fact]
    public async Task Backend_does_as_much_at_once_as_its_servers_together()
    {
        WireOrigin[] origins = [HoldingOrigin(), HoldingOrigin()];
        await StartAsync(Compose(origins, backend: b => Limited(2)(b.Configure(static o => o.Servers[1].MaxConnections = 3))));
        for (var i = 0; i < 9; i++)
        {
            await BeginAsync();
        }

        await QueuedAsync(4);

        Assert.Equal((2, 3), (Server().ActiveRequests, Server(2).ActiveRequests));
        Free(9);
    }

    /// <summary>Q-08.</summary>
    [Fact]
    public async Task Server_that_is_free_first_takes_those_who_wait()
    {
        using var gate = new Gate();
        var slow = HoldingOrigin("slow");
        var quick = Origin(async exchange =>
        {
            await gate.PassAsync();
            await exchange.AnswerOkAsync("quick");
        });
        await StartAsync(Compose([slow, quick], backend: OneEach));
        var first = await BeginAsync();
        await slow.RequestAsync();
        var others = new List<WireClient> { await BeginAsync() };
        await quick.RequestAsync();
        for (var i = 1; i <= 5; i++)
        {
            others.Add(await QueueAsync(i));
        }

        gate.Open(6);

        foreach (var client in others)
        {
            Assert.Equal("quick", (await client.ReadResponseAsync()).Text);
        }

        Free();
        Assert.Equal("slow", (await first.ReadResponseAsync()).Text);
    }

    /// <summary>Q-11.</summary>
    [Theory]
    [InlineData(ServerMode.Drain)]
    [InlineData(ServerMode.Maintenance)]
    [InlineData(null)]
    public async Task Server_that_is_not_up_takes_nobody_who_waits_for_any(ServerMode? mode)
    {
        using var gate = new Gate();
        WireOrigin[] origins = [Origin(async exchange =>
        {
            await gate.PassAsync();
            await exchange.AnswerOkAsync();
        }), HoldingOrigin()];
        await StartAsync(Compose(origins, backend: OneEach));
        await BeginAsync("/1");
        await origins[0].RequestAsync();
        await BeginAsync("/2");
        await origins[1].RequestAsync();
        for (var i = 1; i <= 3; i++)
        {
            await QueueAsync(i, "/waiting");
        }

        if (mode is { } asked)
        {
            Proxy.SetServerMode("web", "s1", asked);
        }
        else
        {
            Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        }

        gate.Open(5);
        await LoggedAsync();
        Assert.Equal((0, 3), (Server().ActiveRequests, Proxy.GetQueuedRequests("web")));

        Free(4);
        await LoggedAsync(5);
        Assert.Equal((1, 4), (origins[0].Requests.Count, origins[1].Requests.Count));
    }

    [Fact]
    public async Task Requests_are_served_in_the_order_in_which_they_came()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync("/0");
        await origin.RequestAsync();
        for (var i = 1; i <= 5; i++)
        {
            await QueueAsync(i, $"/{i}");
        }

        Free(6);
        await origin.RequestAsync(6);
        Assert.Equal(["/0", "/1", "/2", "/3", "/4", "/5"], origin.Requests.Select(static r => r.Target));
    }

    /// <summary>Q-22.</summary>
    [Fact]
    public async Task Classes_are_served_before_one_another()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, f => f.OnRequest(static rules => rules.Add(RuleActions.SetPriorityClass(Value.Parse("req.hdr(class)")))), Limited(1));
        await BeginAsync("/0");
        await origin.RequestAsync();
        await QueueAsync(1, "/image", "Class: 10");
        await QueueAsync(2, "/style", "Class: 1");
        await QueueAsync(3, "/page", "Class: 100");

        Free(4);
        await origin.RequestAsync(4);
        Assert.Equal(["/0", "/style", "/image", "/page"], origin.Requests.Select(static r => r.Target));
    }

    /// <summary>Q-30: places and times in the log.</summary>
    [Fact]
    public async Task Log_tells_how_long_and_behind_how_many_one_waited()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync("/0");
        await origin.RequestAsync();
        for (var i = 1; i <= 3; i++)
        {
            await QueueAsync(i, $"/{i}");
        }

        Time.Advance(TimeSpan.FromSeconds(2));
        Free(4);

        var lines = new[] { await LoggedAsync(1), await LoggedAsync(2), await LoggedAsync(3), await LoggedAsync(4) };
        (string, int)[] expected = [("0/0", 0), ("0/1", 2000), ("0/2", 2000), ("0/3", 2000)];
        Assert.Equal(expected, lines.Select(static l => (l.Queues, (int)l.Queue)).Order()); // a line is written behind the slot's return
    }

    private static void OneEach(BackendBuilder backend) => backend
        .QueueTimeout(TimeSpan.FromMinutes(1))
        .Configure(static o => o.Servers.ToList().ForEach(static s => s.MaxConnections = 1));

    public sealed class OverSockets() : WaitingTests(Carrier.Sockets);

    public sealed class InMemory() : WaitingTests(Carrier.Memory);
}
