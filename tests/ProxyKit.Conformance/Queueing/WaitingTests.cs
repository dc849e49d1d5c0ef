using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Conformance.Checks;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Who waits where, in which order, and how a wait ends.</summary>
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

    /// <summary>Q-13, Q-14.</summary>
    [Fact]
    public async Task Wait_that_takes_too_long_ends_with_a_503()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: b => b.QueueTimeout(TimeSpan.FromSeconds(1)).Configure(static o => o.Servers[0].MaxConnections = 1));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var late = await QueueAsync(1, "/late");

        var response = await AdvanceUntilAsync(late.ReadResponseAsync());

        Assert.Equal(503, response.Status);
        Assert.Equal("<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n", response.Text);
        var line = await LoggedAsync();
        Assert.Equal(("sQ", "web/<NOSRV>", "0/1"), (line.End, line.Server, line.Queues));
        Assert.InRange(line.Queue, 1000, 1100);
        Assert.Equal((-1, -1), (line.Connect, line.Response));
        Free();
        await LoggedAsync(2);
        Assert.DoesNotContain(origin.Requests, static r => r.Target == "/late");
    }

    /// <summary>Q-13.</summary>
    [Fact]
    public async Task Wait_takes_as_long_as_connecting_may_where_nothing_else_is_said()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: b => b.ConnectTimeout(TimeSpan.FromSeconds(3)).Configure(static o => o.Servers[0].MaxConnections = 1));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var late = await QueueAsync(1);

        Assert.Equal(503, (await AdvanceUntilAsync(late.ReadResponseAsync())).Status);
        Assert.InRange((await LoggedAsync()).Queue, 3000, 3200);
        Free();
    }

    /// <summary>Q-15.</summary>
    [Fact]
    public async Task Client_that_leaves_gives_its_place_up()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var gone = await QueueAsync(1, "/gone");

        await gone.DisposeAsync();

        await QueuedAsync(0);
        var line = await LoggedAsync();
        Assert.Equal(("CQ", -1), (line.End, line.Status));
        Free();
        await LoggedAsync(2);
        Assert.Single(origin.Requests);
    }

    [Fact]
    public async Task Client_that_leaves_is_served_all_the_same_where_that_is_asked_for()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: b => b.Configure(static o => (o.AbortOnClose, o.Servers[0].MaxConnections) = (false, 1)));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var gone = await QueueAsync(1, "/gone");

        await gone.DisposeAsync();

        Free(2);
        Assert.Equal("/gone", (await origin.RequestAsync(2)).Target);
    }

    /// <summary>A complete request is the server's to answer: the client's limit does not run meanwhile.</summary>
    [Fact]
    public async Task Limit_on_the_client_does_not_run_in_a_queue()
    {
        var origin = HoldingOrigin();
        await StartAsync(
            origin,
            f => f.Configure(static o => o.ClientTimeout = TimeSpan.FromMilliseconds(200)),
            b => b.QueueTimeout(TimeSpan.FromMinutes(1)).Configure(static o => o.Servers[0].MaxConnections = 1));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var waiting = await QueueAsync(1, "/waiting");

        Time.Advance(TimeSpan.FromSeconds(10));
        Free(2);

        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
    }

    /// <summary>Nor where the body of it is complete though nobody has read it yet.</summary>
    [Fact]
    public async Task Limit_on_the_client_does_not_run_once_its_body_is_here()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, Impatient, Limited(1));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var waiting = await ConnectAsync();
        await waiting.SendAsync("POST /waiting HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "", "3", "abc", "0", "", "");
        await QueuedAsync(1);

        Time.Advance(TimeSpan.FromSeconds(10));
        Free(2);

        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
        Assert.Equal("abc", (await origin.RequestAsync(2)).Text);
    }

    /// <summary>A body that is on its way is the client's to send: its limit runs also while the request waits.</summary>
    [Theory]
    [InlineData("Content-Length: 10", "")]
    [InlineData("Content-Length: 10", "abc")]
    [InlineData("Transfer-Encoding: chunked", "3\r\nabc\r\n")]
    public async Task Client_that_stops_in_the_middle_of_its_body_gives_its_place_up(string framing, string sent)
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, Impatient, Limited(1));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var slow = await ConnectAsync();
        await slow.SendAsync("POST /slow HTTP/1.1", "Host: a", framing, "", sent);
        await QueuedAsync(1);

        var response = await AdvanceUntilAsync(slow.ReadResponseAsync());

        var line = await LoggedAsync();
        Assert.Equal((400, "cQ"), (response.Status, line.End));
        Assert.Equal(0, Proxy.GetQueuedRequests("web"));
        Free();
        await LoggedAsync(2);
        Assert.Single(origin.Requests);
    }

    [Theory]
    [InlineData("Content-Length: 10", "abc")]
    [InlineData("Transfer-Encoding: chunked", "3\r\nabc\r\n")]
    public async Task Client_that_leaves_in_the_middle_of_its_body_gives_its_place_up(string framing, string sent)
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var gone = await ConnectAsync();
        await gone.SendAsync("POST /gone HTTP/1.1", "Host: a", framing, "", sent);
        await QueuedAsync(1);

        await gone.DisposeAsync();

        await QueuedAsync(0);
        var line = await LoggedAsync();
        Assert.Equal(("CQ", -1), (line.End, line.Status));
        Free();
        await LoggedAsync(2);
        Assert.Single(origin.Requests);
    }

    /// <summary>What comes while the request waits is kept, and goes on before what comes later.</summary>
    [Theory]
    [InlineData(3, 3, 3)]
    [InlineData(0, 9, 0)]
    [InlineData(0, 20_000, 300_000)]
    [InlineData(60_000, 0, 60_000)]
    public async Task Body_that_comes_in_pieces_before_and_after_its_slot_is_whole(int first, int second, int third)
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync("/held");
        await origin.RequestAsync();
        var waiting = await ConnectAsync();
        var body = string.Concat(Enumerable.Range(0, first + second + third).Select(static i => (char)('a' + (i % 26))));
        await waiting.SendAsync("POST /waiting HTTP/1.1", "Host: a", $"Content-Length: {body.Length}", "", "");
        await QueuedAsync(1);
        await waiting.SendRawAsync(body[..first]);
        await waiting.SendRawAsync(body[first..(first + second)]);

        Free();
        await QueuedAsync(0);
        await waiting.SendRawAsync(body[(first + second)..]);
        Free();

        Assert.Equal(body, (await origin.RequestAsync(2)).Text);
        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
    }

    /// <summary>Nobody who waits is sent to a server of which nothing is known yet, where that is to start down.</summary>
    [Fact]
    public async Task Reload_that_brings_a_server_that_starts_down_has_it_take_nobody_before_its_checks()
    {
        var (origin, other) = (HoldingOrigin(), OkOrigin());
        var check = new SwitchedCheck();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        var waiting = await QueueAsync(1);

        await ReloadAsync(Compose([origin, other], backend: b => b
            .Check(check, static c => c.Every(TimeSpan.FromSeconds(1)))
            .QueueTimeout(TimeSpan.FromMinutes(10))
            .Configure(static o => (o.Servers[0].MaxConnections, o.Servers[1].InitialState) = (1, InitialServerState.FullyDown))));
        Assert.Equal((1, false), (Proxy.GetQueuedRequests("web"), Server(2).IsUp));

        Assert.Equal(200, (await AdvanceUntilAsync(waiting.ReadResponseAsync())).Status);
        Assert.True(Server(2).IsUp);
        Assert.Single(other.Requests);
        Free();
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

    /// <summary>Q-28.</summary>
    [Fact]
    public async Task Limit_raised_while_running_lets_those_start_who_wait()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        for (var i = 1; i <= 4; i++)
        {
            await QueueAsync(i);
        }

        Proxy.SetMaxConnections("web", "s1", 5);

        await origin.RequestAsync(5);
        await QueuedAsync(0);
        Proxy.SetMaxConnections("web", "s1", null);
        await QueueAsync(1);
        Proxy.SetMaxConnections("web", "s1", 0);
        await origin.RequestAsync(6);
        Free(6);
    }

    [Fact]
    public async Task Limit_is_set_on_servers_that_are_there()
    {
        await StartAsync(OkOrigin());

        Assert.Throws<ArgumentException>(() => Proxy.SetMaxConnections("none", "s1", 1));
        Assert.Throws<ArgumentException>(() => Proxy.SetMaxConnections("web", "s9", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proxy.SetMaxConnections("web", "s1", -1));
    }

    [Fact]
    public async Task Reload_that_raises_the_limit_lets_those_start_who_wait()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        await QueueAsync(1);

        await ReloadAsync(Compose([origin], backend: Limited(2)));

        await origin.RequestAsync(2);
        Free(2);
    }

    [Fact]
    public async Task Reload_that_brings_another_server_has_it_take_those_who_wait()
    {
        var (origin, other) = (HoldingOrigin(), OkOrigin());
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        var waiting = await QueueAsync(1);

        await ReloadAsync(Compose([origin, other], backend: Limited(1)));

        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
        Assert.Single(other.Requests);
        Free();
    }

    /// <summary>Q-12: the server's own queue, and the common one when no server is left.</summary>
    [Fact]
    public async Task All_who_wait_are_told_when_the_last_server_is_gone()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        var waiting = await QueueAsync(1);

        Server().State.SetAvailability(ServerAvailability.Down);

        Assert.Equal(503, (await waiting.ReadResponseAsync()).Status);
        Assert.Equal("SC", (await LoggedAsync()).End);
        Free();
    }

    [Fact]
    public async Task Stopping_ends_those_who_wait_when_its_time_is_over()
    {
        var origin = HoldingOrigin();
        await StartAsync(p =>
        {
            Compose([origin], backend: Limited(1))(p);
            p.Configure(static o => o.DrainTimeout = TimeSpan.Zero);
        });
        await BeginAsync();
        await origin.RequestAsync();
        await QueueAsync(1);

        await Proxy.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, Proxy.GetQueuedRequests("web"));
        Free();
    }

    /// <summary>Q-26.</summary>
    [Fact]
    public async Task Connections_wait_in_TCP_mode()
    {
        using var held = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.SendAsync("hello");
            await held.PassAsync();
        });
        await StartAsync(origin, f => f.Mode(ProxyMode.Tcp), b => b.Mode(ProxyMode.Tcp).Configure(static o => o.Servers[0].MaxConnections = 1));
        var first = await ConnectAsync();
        await first.ExpectAsync("hello");
        var second = await ConnectAsync();
        await QueuedAsync(1);
        var gone = await ConnectAsync();
        await QueuedAsync(2);

        await gone.DisposeAsync();

        await QueuedAsync(1);
        Assert.Equal("CQ", (await LoggedAsync()).End);
        held.Open(2);
        await first.DisposeAsync();
        await LoggedAsync(2);
        await second.ExpectAsync("hello");
        await second.DisposeAsync();
        Assert.Equal("0/1", (await LoggedAsync(3)).Queues);
    }

    [Fact]
    public async Task Connection_that_waits_too_long_is_closed_in_TCP_mode()
    {
        var origin = RawOrigin(static async wire => await wire.SendAsync("hello"));
        await StartAsync(
            origin, f => f.Mode(ProxyMode.Tcp), b => b.Mode(ProxyMode.Tcp).QueueTimeout(TimeSpan.FromSeconds(1)).Configure(static o => o.Servers[0].MaxConnections = 1));
        var first = await ConnectAsync();
        await first.ExpectAsync("hello");
        var late = await ConnectAsync();
        await QueuedAsync(1);

        await AdvanceUntilAsync(late.ExpectClosedAsync());

        Assert.Equal("sQ", (await LoggedAsync()).End);
    }

    private static void OneEach(BackendBuilder backend) => backend
        .QueueTimeout(TimeSpan.FromMinutes(1))
        .Configure(static o => o.Servers.ToList().ForEach(static s => s.MaxConnections = 1));

    private static void Impatient(FrontendBuilder frontend) => frontend.Configure(static o => o.ClientTimeout = TimeSpan.FromMilliseconds(200));

    protected static Action<BackendBuilder> Limited(int count) =>
        b => b.QueueTimeout(TimeSpan.FromMinutes(1)).Configure(o => o.Servers[0].MaxConnections = count);

    public sealed class OverSockets() : WaitingTests(Carrier.Sockets)
    {
        /// <summary>Q-26, with classes by address: in memory all clients have one.</summary>
        [Fact]
        public async Task Connections_are_served_by_their_classes_in_TCP_mode()
        {
            var served = new System.Collections.Concurrent.ConcurrentQueue<string>();
            var origin = RawOrigin(async wire =>
            {
                served.Enqueue(System.Text.Encoding.ASCII.GetString(await wire.ReadExactlyAsync(1)));
                await FreedAsync();
            });
            await StartAsync(
                origin,
                f => f.Mode(ProxyMode.Tcp).OnContent(static rules => rules
                    .SetPriorityClass(10, Match.Source("127.0.0.2"))
                    .SetPriorityClass(1, Match.Source("127.0.0.3"))
                    .SetPriorityClass(100, Match.Source("127.0.0.4"))),
                b => Limited(1)(b.Mode(ProxyMode.Tcp)));
            var clients = new List<Task> { await ConnectAndSayAsync(1) };
            await UntilAsync(() => served.Count == 1);
            foreach (var (waiting, last) in ((int[])[4, 2, 3]).Index())
            {
                clients.Add(await ConnectAndSayAsync(last));
                await QueuedAsync(waiting + 1);
            }

            Free(4);

            await Task.WhenAll(clients);
            Assert.Equal(["1", "3", "2", "4"], served);
        }

        /// <summary>A client from 127.0.0.x says its x; it goes when the server does.</summary>
        private async Task<Task> ConnectAndSayAsync(int last)
        {
            var client = DisposeFirst(await WireClient.ConnectAsync(
                Proxy.EndPoints[0]!, new System.Net.IPEndPoint(System.Net.IPAddress.Parse($"127.0.0.{last}"), 0)));
            await client.SendRawAsync($"{last}");
            return LeaveAsync();

            async Task LeaveAsync()
            {
                await client.ExpectClosedAsync();
                await client.DisposeAsync();
            }
        }
    }

    public sealed class InMemory() : WaitingTests(Carrier.Memory);
}
