using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Metering;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.PostgreSql.Usage;

namespace ProxyKit.PostgreSql.Tests.Usage;

/// <summary>Single events, kept beside the sums.</summary>
[Collection(nameof(SharedServer))]
public sealed class UsageEventsTests(PostgresServer server) : IDisposable
{
    private static readonly DateTimeOffset November = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset December = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Event_comes_back_as_it_was_handed_in()
    {
        await using var gateway = Gateway();
        var handedIn = TestGateway.Event("1", at: November.AddHours(3).AddMilliseconds(7), meters: [new("tokens", -500), new("größe", long.MaxValue)]) with
        {
            Frontend = "public", Route = "GET /größe", Backend = "web", Outcome = UsageOutcome.Failed, Status = 502,
        };

        await gateway.Usage.WriteAsync([handedIn], TestContext.Current.CancellationToken);

        var kept = Assert.Single(await ReadAsync(gateway, new UsageQuery()));
        Assert.Equal(handedIn with { Meters = [] }, kept with { Meters = [] });
        Assert.Equal(handedIn.Meters.Order(Comparer<MeterValue>.Create(static (a, b) => string.CompareOrdinal(a.Meter, b.Meter))),
            kept.Meters.Order(Comparer<MeterValue>.Create(static (a, b) => string.CompareOrdinal(a.Meter, b.Meter))));
    }

    [Fact]
    public async Task Events_of_a_client_add_up_to_its_sums()
    {
        var time = new ShiftedTime();
        time.Shift(TimeSpan.FromDays(30));
        await using var gateway = Gateway(time);
        await gateway.Usage.WriteAsync(
            [.. Enumerable.Range(0, 500).Select(static i => TestGateway.Event($"{i}", $"client{i % 3}", November.AddHours(i), new MeterValue("tokens", i)))],
            TestContext.Current.CancellationToken);
        await gateway.Usage.ClosePeriodAsync(December, TestContext.Current.CancellationToken);
        await gateway.Usage.WriteAsync([TestGateway.Event("late", "client1", November.AddHours(5), new MeterValue("tokens", 1000))], TestContext.Current.CancellationToken);

        foreach (var query in (UsageQuery[])[new() { Client = "client1", From = November, Until = December }, new() { Client = "client1", From = December }])
        {
            var events = await ReadAsync(gateway, query);
            var totals = await gateway.Usage.ReadAsync(query with { Resolution = UsageResolution.All }, TestContext.Current.CancellationToken);
            Assert.Equal(totals.Where(static t => t.Meter == "tokens").Sum(static t => t.Quantity), events.Sum(static e => e.Meters[0].Quantity));
            Assert.Equal(totals.Where(static t => t.Meter == UsageMeters.Requests).Sum(static t => t.Quantity), events.Count);
            Assert.Equal(events.OrderBy(static e => e.Time).Select(static e => e.Id), events.Select(static e => e.Id));
        }
    }

    [Fact]
    public async Task Event_that_is_brought_twice_is_kept_once()
    {
        await using var gateway = Gateway();
        foreach (var name in (string[])["one", "other"])
        {
            await using var journal = TestGateway.Journal(Path.Combine(_folder, name));
            await journal.AppendAsync(TestGateway.Event("refund-4711"), TestContext.Current.CancellationToken);
            await new UsageShipping(() => [journal], gateway.Usage, new PostgreSqlOptions(), NullLogger.Instance, TimeProvider.System).ShipAsync(TestContext.Current.CancellationToken);
        }

        Assert.Single(await ReadAsync(gateway, new UsageQuery()));
    }

    [Fact]
    public async Task Requests_of_a_proxy_are_all_there()
    {
        await using var gateway = Gateway();
        await using (var proxy = await TieredProxy.StartAsync(gateway, 1_000_000, journal: _folder))
        {
            for (var i = 0; i < 20; i++)
            {
                await proxy.AskAsync($"client{i % 2}");
            }
        }

        await gateway.StopAsync(TestContext.Current.CancellationToken);

        var events = await ReadAsync(gateway, new UsageQuery { Client = "client1" });
        Assert.Equal(10, events.Count);
        Assert.All(events, static e => Assert.Equal(("public", "web", 200), (e.Frontend, e.Backend, e.Status)));
    }

    [Fact]
    public async Task Events_are_forgotten_behind_their_time_and_sums_are_not()
    {
        await using var gateway = Gateway();
        await gateway.Usage.WriteAsync([TestGateway.Event("1", at: November), TestGateway.Event("2", at: November.AddDays(3))], TestContext.Current.CancellationToken);

        Assert.Equal(1, await gateway.Usage.ForgetEventsAsync(November.AddDays(2), 10, TestContext.Current.CancellationToken));

        Assert.Equal(UsageEvent.IdOf("2"), Assert.Single(await ReadAsync(gateway, new UsageQuery())).Id);
        Assert.Equal(2, await gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Events_are_not_kept_unless_somebody_says_so()
    {
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema());
        await gateway.Usage.WriteAsync([TestGateway.Event("1")], TestContext.Current.CancellationToken);

        Assert.Empty(await ReadAsync(gateway, new UsageQuery()));
        Assert.Equal(1, await gateway.Usage.SumAsync());
    }

    private static async Task<List<UsageEvent>> ReadAsync(PostgreSqlGateway gateway, UsageQuery query)
    {
        var events = new List<UsageEvent>();
        await foreach (var e in gateway.Usage.ReadEventsAsync(query, TestContext.Current.CancellationToken))
        {
            events.Add(e);
        }

        return events;
    }

    private PostgreSqlGateway Gateway(TimeProvider? time = null) =>
        TestGateway.Of(server, PostgresServer.NewSchema(), time: time, configure: static o => o.KeepEventsFor = TimeSpan.FromDays(400));
}
