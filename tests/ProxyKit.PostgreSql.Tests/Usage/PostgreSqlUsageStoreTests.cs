using System.Globalization;
using ProxyKit.Metering;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.PostgreSql.Usage;

namespace ProxyKit.PostgreSql.Tests.Usage;

[Collection(nameof(SharedServer))]
public sealed class PostgreSqlUsageStoreTests(PostgresServer server)
{
    private static readonly DateTimeOffset November = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset December = November.AddMonths(1);

    [Fact]
    public async Task Event_that_comes_again_does_not_count_again()
    {
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema());
        var usage = TestGateway.Event("1");

        await gateway.Usage.WriteAsync([usage, usage], TestContext.Current.CancellationToken);
        await gateway.Usage.WriteAsync([usage, TestGateway.Event("2")], TestContext.Current.CancellationToken);

        Assert.Equal(2, await gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Many_writers_with_the_same_events_count_each_once()
    {
        var schema = PostgresServer.NewSchema();
        var gateways = Enumerable.Range(0, 3).Select(_ => TestGateway.Of(server, schema)).ToList();
        var events = Enumerable.Range(0, 400).Select(static i => TestGateway.Event($"e{i}", $"client{i % 7}")).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async writer =>
        {
            var random = new Random(writer);
            for (var part = 0; part < 8; part++)
            {
                await gateways[writer % gateways.Count].Usage.WriteAsync(random.GetItems(events, 100), TestContext.Current.CancellationToken);
            }

            await gateways[writer % gateways.Count].Usage.WriteAsync(events, TestContext.Current.CancellationToken);
        }));

        Assert.Equal(400, await gateways[0].Usage.SumAsync());
        Assert.Equal(400_000, await gateways[0].Usage.SumAsync(UsageMeters.BytesOut));
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }
    }

    /// <summary>Against the store in memory, which adds up as journals do.</summary>
    [Theory]
    [InlineData(UsageResolution.Hour)]
    [InlineData(UsageResolution.Day)]
    [InlineData(UsageResolution.Month)]
    [InlineData(UsageResolution.All)]
    public async Task Totals_are_those_of_any_other_store(UsageResolution resolution)
    {
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema());
        var model = new InMemoryUsageStore();
        var random = new Random(4711);
        var events = Enumerable.Range(0, 500).Select(i => TestGateway.Event(
            $"{i}",
            random.GetItems(["acme", "ACME", "émile", "z", "", "'; --", "\ud83d\udc39"], 1)[0],
            November.AddMinutes(random.Next(-5000, 100_000)),
            new MeterValue("tokens", random.Next(-5, 50)),
            new MeterValue("big", long.MaxValue / 1000)) with { Outcome = (UsageOutcome)random.Next(4) }).ToArray();
        await gateway.Usage.WriteAsync(events, TestContext.Current.CancellationToken);
        await model.WriteAsync(events, TestContext.Current.CancellationToken);

        foreach (var query in (UsageQuery[])
            [new(), new() { From = November }, new() { Until = December }, new() { From = November, Until = December, Client = "acme" }, new() { Client = "" }])
        {
            Assert.Equal(
                await model.ReadAsync(query with { Resolution = resolution }, TestContext.Current.CancellationToken),
                await gateway.Usage.ReadAsync(query with { Resolution = resolution }, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Event_of_closed_time_is_a_correction_in_the_hour_it_comes()
    {
        var time = new ShiftedTime();
        time.Shift(TimeSpan.FromDays(30));
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema(), time: time);
        await gateway.Usage.WriteAsync([TestGateway.Event("in time", at: December.AddHours(-1))], TestContext.Current.CancellationToken);

        await gateway.Usage.ClosePeriodAsync(December, TestContext.Current.CancellationToken);
        await gateway.Usage.WriteAsync([TestGateway.Event("late", at: December.AddHours(-2))], TestContext.Current.CancellationToken);

        var totals = (await gateway.Usage.ReadAsync(new UsageQuery(), TestContext.Current.CancellationToken)).Where(static t => t.Meter == UsageMeters.Requests).ToList();
        Assert.Equal(December, await gateway.Usage.ReadClosedUntilAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            [(December.AddHours(-1), 1, null), (new DateTimeOffset(TotalKey.HourOf(time.GetUtcNow())), 1, December.AddHours(-2))],
            totals.Select(static t => (t.From, t.Quantity, t.CorrectsHour)));
    }

    [Fact]
    public async Task Closed_month_stays_as_it_is_while_others_write_into_it()
    {
        var time = new ShiftedTime();
        time.Shift(TimeSpan.FromDays(30));
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema(), time: time);
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await gateway.Usage.WriteAsync([TestGateway.Event($"{writer}-{i}", at: December.AddHours(-1))], CancellationToken.None);
                Interlocked.Increment(ref written);
            }
        })).ToArray();
        await TestGateway.UntilAsync(() => Task.FromResult(Volatile.Read(ref written) > 20), "writers");

        await gateway.Usage.ClosePeriodAsync(December, TestContext.Current.CancellationToken);
        var atClose = await InNovemberAsync();
        var soFar = Volatile.Read(ref written);
        await TestGateway.UntilAsync(() => Task.FromResult(Volatile.Read(ref written) > soFar + 20), "writers");
        await stop.CancelAsync();
        await Task.WhenAll(writers).InTimeAsync();

        Assert.Equal(atClose, await InNovemberAsync());
        Assert.Equal(written, await gateway.Usage.SumAsync());

        async Task<long> InNovemberAsync() => (await gateway.Usage.ReadAsync(new UsageQuery { Until = December }, CancellationToken.None))
            .Where(static t => t.Meter == UsageMeters.Requests).Sum(static t => t.Quantity);
    }

    [Fact]
    public async Task Time_that_is_not_over_cannot_be_closed()
    {
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema(), time: new ShiftedTime());

        await Assert.ThrowsAsync<ArgumentException>(() => gateway.Usage.ClosePeriodAsync(December, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Hostile_names_are_kept_as_a_journal_keeps_them()
    {
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema());
        string[] names = ["a\0b", "line\nfeed", "half \ud83d", new string('x', 5000), "back\\slash", "'); DROP TABLE usage_totals; --"];

        await gateway.Usage.WriteAsync([.. names.Select(static n => TestGateway.Event(n, n))], TestContext.Current.CancellationToken);

        var kept = (await gateway.Usage.ReadAsync(new UsageQuery { Resolution = UsageResolution.All }, TestContext.Current.CancellationToken))
            .Select(static t => t.Client).Distinct();
        Assert.Equal(1, await gateway.Usage.SumAsync(client: "line\nfeed"));
        Assert.Equal(
            ["'); DROP TABLE usage_totals; --", "a\\x00b", "back\\x5cslash", "half \ufffd", "line\\x0afeed", $"{new string('x', 222)}~{Digest(names[3])}"],
            kept.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sum_that_is_too_large_is_the_largest_there_is_until_it_is_not()
    {
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema());
        await gateway.Usage.WriteAsync(
            [TestGateway.Event("1", meters: new MeterValue("big", long.MaxValue)), TestGateway.Event("2", meters: new MeterValue("big", long.MaxValue))],
            TestContext.Current.CancellationToken);
        var tooLarge = await gateway.Usage.SumAsync("big");

        await gateway.Usage.WriteAsync([TestGateway.Event("3", meters: new MeterValue("big", -long.MaxValue - 1))], TestContext.Current.CancellationToken);

        Assert.Equal((long.MaxValue, long.MaxValue - 1), (tooLarge, await gateway.Usage.SumAsync("big")));
    }

    [Fact]
    public async Task Events_that_are_handed_in_at_once_are_written_in_parts()
    {
        var schema = PostgresServer.NewSchema();
        await using var gateway = TestGateway.Of(server, schema, configure: static o => o.ShipBatch = 2);

        await gateway.Usage.WriteAsync([.. Enumerable.Range(0, 5).Select(static i => TestGateway.Event($"{i}"))], TestContext.Current.CancellationToken);

        Assert.Equal(5, await gateway.Usage.SumAsync());
        Assert.Equal(3, await server.AskAsync<long>($"SELECT count(DISTINCT xmin::text) FROM {schema}.usage_ids")); // transactions
    }

    private static string Digest(string name) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString(CultureInfo.InvariantCulture);
}
