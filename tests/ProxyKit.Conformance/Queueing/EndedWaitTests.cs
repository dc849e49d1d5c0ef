namespace ProxyKit.Conformance.Queueing;

/// <summary>How a wait ends other than with a slot, and what it does with a body meanwhile.</summary>
public abstract class EndedWaitTests(Carrier carrier) : QueueTest(carrier)
{
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

        await AssertGivenUpAsync(origin);
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

        await AssertGivenUpAsync(origin);
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

    private async Task AssertGivenUpAsync(WireOrigin origin)
    {
        await QueuedAsync(0);
        var line = await LoggedAsync();
        Assert.Equal(("CQ", -1), (line.End, line.Status));
        Free();
        await LoggedAsync(2);
        Assert.Single(origin.Requests);
    }

    private static void Impatient(FrontendBuilder frontend) => frontend.Configure(static o => o.ClientTimeout = TimeSpan.FromMilliseconds(200));

    public sealed class OverSockets() : EndedWaitTests(Carrier.Sockets);

    public sealed class InMemory() : EndedWaitTests(Carrier.Memory);
}
