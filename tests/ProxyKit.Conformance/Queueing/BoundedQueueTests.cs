namespace ProxyKit.Conformance.Queueing;

/// <summary>What HAProxy's queues do not have: bounds, turns, early refusals.</summary>
public abstract class BoundedQueueTests(Carrier carrier) : QueueTest(carrier)
{
    [Fact]
    public async Task Request_that_finds_the_queue_full_is_refused_at_once()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Queue(static q => q.Max(2)));
        await FillAsync(origin, 2);

        Assert.Equal(503, (await GetAsync()).Status);
        var line = await LoggedAsync();
        Assert.Equal(("SQ", -1, "0/0"), (line.End, line.Queue, line.Queues));
        Free(3);
    }

    [Fact]
    public async Task Noisy_client_keeps_nobody_waiting_behind_all_of_its_requests()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Queue(static q => q.FairBy(Value.Parse("req.hdr(tenant)"))));
        await BeginAsync("/0");
        await origin.RequestAsync();
        for (var i = 1; i <= 4; i++)
        {
            await QueueAsync(i, $"/noisy{i}", "Tenant: noisy");
        }

        await QueueAsync(5, "/quiet", "Tenant: quiet");
        await QueueAsync(6, "/nobody");
        Free(7);
        await origin.RequestAsync(7);

        Assert.Equal(["/0", "/noisy1", "/quiet", "/nobody", "/noisy2", "/noisy3", "/noisy4"], origin.Requests.Select(static r => r.Target));
    }

    [Fact]
    public async Task Weights_are_shares()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Queue(static q => q.FairBy(Value.Parse("req.hdr(tenant)"), Value.Parse("req.hdr(share)"))));
        await BeginAsync("/0");
        await origin.RequestAsync();
        for (var i = 1; i <= 4; i++)
        {
            await QueueAsync((i * 2) - 1, "/gold", "Tenant: gold", "Share: 3");
            await QueueAsync(i * 2, "/free", "Tenant: free");
        }

        Free(9);
        await origin.RequestAsync(9);

        Assert.Equal("0 gold gold gold free gold free free free", string.Join(' ', origin.Requests.Select(static r => r.Target[1..])));
    }

    [Fact]
    public async Task Full_queue_takes_a_quiet_client_in_the_place_of_a_noisy_one()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Queue(static q => q.Max(3).FairBy(Value.Parse("req.hdr(tenant)"))));
        await BeginAsync();
        await origin.RequestAsync();
        var noisy = new List<WireClient>();
        for (var i = 1; i <= 3; i++)
        {
            noisy.Add(await QueueAsync(i, "/", "Tenant: noisy"));
        }

        var quiet = await BeginAsync("/quiet", "Tenant: quiet");

        Assert.Equal(503, (await noisy[2].ReadResponseAsync()).Status);
        Free(4);
        Assert.Equal(200, (await quiet.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Request_that_would_come_too_late_is_refused_at_once()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: b => Queue(static q => q.Timeout(TimeSpan.FromSeconds(2)).DropLate().RetryAfter())(b));
        await FillAsync(origin, 4);
        for (var i = 2; i <= 4; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(450)); // about two in a second
            Free();
            await origin.RequestAsync(i);
        }

        await QueueAsync(2);
        await QueueAsync(3);
        await QueueAsync(4);
        await QueueAsync(5);
        var refused = await GetAsync();

        Assert.Equal(503, refused.Status);
        Assert.Equal("3", refused["retry-after"]);
        Free(6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refused_client_is_told_when_to_come_back_where_that_is_asked_for(bool tells)
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Queue(q => _ = tells ? q.Max(1).RetryAfter() : q.Max(1)));
        await FillAsync(origin, 1);

        var refused = await GetAsync();

        Assert.Equal((503, tells ? "1" : null), (refused.Status, refused["retry-after"]));
        Assert.Contains("No server is available", refused.Text, StringComparison.Ordinal);
        Free(2);
    }

    [Fact]
    public async Task Rules_for_responses_see_when_to_come_back()
    {
        var origin = HoldingOrigin();
        await StartAsync(
            origin,
            f => f.OnAfterResponse(static rules => rules.SetHeader("X-Seen", Value.Parse("res.hdr(retry-after)"))),
            Queue(static q => q.Max(1).RetryAfter()));
        await FillAsync(origin, 1);

        Assert.Equal("1", (await GetAsync())["x-seen"]);
        Free(2);
    }

    private static Action<BackendBuilder> Queue(Action<QueueBuilder> queue) => b => b
        .QueueTimeout(TimeSpan.FromMinutes(1)).Queue(queue).Configure(static o => o.Servers[0].MaxConnections = 1);

    private async Task FillAsync(WireOrigin origin, int waiting)
    {
        await BeginAsync();
        await origin.RequestAsync();
        for (var i = 1; i <= waiting; i++)
        {
            await QueueAsync(i);
        }
    }

    public sealed class OverSockets() : BoundedQueueTests(Carrier.Sockets);

    public sealed class InMemory() : BoundedQueueTests(Carrier.Memory);
}
