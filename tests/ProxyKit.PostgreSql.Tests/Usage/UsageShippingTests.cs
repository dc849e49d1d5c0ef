using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.PostgreSql.Usage;

namespace ProxyKit.PostgreSql.Tests.Usage;

[Collection(nameof(SharedServer))]
public sealed class UsageShippingTests(PostgresServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-ship-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Events_of_a_proxy_come_to_the_database_once_over_restarts()
    {
        var schema = PostgresServer.NewSchema();
        for (var start = 1; start <= 3; start++)
        {
            await using var gateway = TestGateway.Of(server, schema);
            await using (var proxy = await TieredProxy.StartAsync(gateway, 1_000_000, journal: _folder))
            {
                for (var i = 0; i < 50; i++)
                {
                    await proxy.AskAsync($"client{i % 5}");
                }
            }

            await gateway.StopAsync(TestContext.Current.CancellationToken);
            Assert.Equal(50 * start, await gateway.Usage.SumAsync());
            Assert.Equal(10 * start, await gateway.Usage.SumAsync(client: "client3"));
        }
    }

    [Fact]
    public async Task Two_who_bring_the_same_journal_count_it_once()
    {
        var schema = PostgresServer.NewSchema();
        await using var gateway = TestGateway.Of(server, schema);
        await using var journal = TestGateway.Journal(_folder, configure: static o => o.SegmentBytes = 64 * 1024);
        var both = Enumerable.Range(0, 2).Select(_ => Shipping(gateway, journal, 7)).ToArray();
        for (var round = 0; round < 20; round++)
        {
            await journal.WriteAsync([.. Enumerable.Range(0, 50).Select(i => TestGateway.Event($"{round}-{i}"))], TestContext.Current.CancellationToken);
            await Task.WhenAll(both.Select(static s => s.ShipAsync(CancellationToken.None)));
        }

        await both[0].ShipAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1000, await gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Event_that_was_handed_in_at_two_gateways_counts_once()
    {
        var schema = PostgresServer.NewSchema();
        await using var gateway = TestGateway.Of(server, schema);
        foreach (var name in (string[])["one", "other"])
        {
            await using var journal = TestGateway.Journal(Path.Combine(_folder, name));
            await journal.AppendAsync(TestGateway.Event("refund-4711"), TestContext.Current.CancellationToken);
            await journal.AppendAsync(TestGateway.Event($"order of {name}"), TestContext.Current.CancellationToken);
            await Shipping(gateway, journal).ShipAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(3, await gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Segments_that_were_not_brought_yet_are_not_summed_up()
    {
        var time = new ShiftedTime();
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema(), time: time);
        await using var journal = TestGateway.Journal(_folder, time);
        var shipping = Shipping(gateway, journal);
        await journal.AppendAsync(TestGateway.Event("0"), TestContext.Current.CancellationToken);
        await shipping.ShipAsync(TestContext.Current.CancellationToken);
        for (var i = 1; i <= 3; i++)
        {
            await journal.AppendAsync(TestGateway.Event($"{i}"), TestContext.Current.CancellationToken);
            await journal.RotateAsync();
        }

        time.Shift(TimeSpan.FromDays(10)); // the database was away for longer than single events are kept
        await journal.CompactAsync();
        await shipping.ShipAsync(TestContext.Current.CancellationToken);

        Assert.Equal(4, await gateway.Usage.SumAsync());
        await journal.CompactAsync();
        Assert.NotEmpty(Directory.GetFiles(_folder, "totals-*"));
    }

    [Fact]
    public async Task What_is_old_and_cannot_be_removed_is_told_once_an_hour_and_keeps_no_usage_waiting()
    {
        var (schema, time, log) = (PostgresServer.NewSchema(), new ShiftedTime(), new RecordingLoggerProvider());
        await using var gateway = TestGateway.Of(server, schema, time: time);
        await gateway.MigrateAsync(TestContext.Current.CancellationToken);
        await server.AskAsync<int>(
            $"""
            CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not here''; END';
            CREATE TRIGGER refuse BEFORE DELETE ON {schema}.usage_ids FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();
            SELECT 1
            """);
        await using var journal = TestGateway.Journal(_folder, time);
        var shipping = new UsageShipping(
            () => [journal], gateway.Usage, new PostgreSqlOptions { ShipInterval = TimeSpan.FromMilliseconds(10) }, log.CreateLogger("test"), time);
        using var stopping = new CancellationTokenSource();
        var running = shipping.RunAsync(stopping.Token);
        await BringAsync(1);
        await BringAsync(2); // in another round, so that the first hour has begun

        for (var hour = 1; hour <= 2; hour++)
        {
            time.Shift(TimeSpan.FromHours(2));
            await TestGateway.UntilAsync(() => Task.FromResult(Told() >= hour), "the failure to be told");
            for (var i = 0; i < 3; i++) // each in another round
            {
                await BringAsync((hour * 10) + i);
            }

            Assert.Equal(hour, Told());
        }

        await stopping.CancelAsync();
        await running;

        int Told() => log.Entries.Count(static e => e.Message.Contains("could not be removed", StringComparison.Ordinal));

        async Task BringAsync(int number)
        {
            var before = await gateway.Usage.SumAsync();
            await journal.AppendAsync(TestGateway.Event($"{number}"), TestContext.Current.CancellationToken);
            await TestGateway.UntilAsync(async () => await gateway.Usage.SumAsync() > before, "the event");
        }
    }

    [Fact]
    public async Task Journal_that_cannot_be_read_is_told_with_its_path_and_keeps_no_other_waiting()
    {
        var log = new RecordingLoggerProvider();
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema());
        var before = TestGateway.Journal(Path.Combine(_folder, "before"));
        await before.AppendAsync(TestGateway.Event("1"), TestContext.Current.CancellationToken);
        var journals = new List<UsageJournal> { before };
        var shipping = new UsageShipping(() => journals, gateway.Usage, new PostgreSqlOptions(), log.CreateLogger("test"), TimeProvider.System);
        await shipping.ShipAsync(TestContext.Current.CancellationToken);
        await before.AppendAsync(TestGateway.Event("2"), TestContext.Current.CancellationToken);
        await before.DisposeAsync();
        Directory.Move(before.Path, before.Path + ".away"); // a disk that is not mounted any more
        await using var after = TestGateway.Journal(Path.Combine(_folder, "after"));
        journals.Add(after);
        await after.AppendAsync(TestGateway.Event("3"), TestContext.Current.CancellationToken);

        await shipping.ShipAsync(TestContext.Current.CancellationToken);
        await shipping.ShipAsync(TestContext.Current.CancellationToken);
        var whileAway = await gateway.Usage.SumAsync();
        Directory.Move(before.Path + ".away", before.Path);
        await shipping.ShipAsync(TestContext.Current.CancellationToken);

        Assert.Equal((2, 3), (whileAway, await gateway.Usage.SumAsync()));
        Assert.Single(log.Entries, e => e.Level == LogLevel.Critical && e.Message.Contains(before.Path, StringComparison.Ordinal));
        Assert.Single(log.Entries, static e => e.Message.Contains("can be read, and is brought", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_journal_keeps_its_events_while_the_database_is_away_also_one_that_comes_meanwhile()
    {
        await using var gateway = new PostgreSqlGateway("Host=127.0.0.1;Port=1;Username=gateway;Database=gateway");
        await using var first = TestGateway.Journal(Path.Combine(_folder, "first"), configure: static o => o.CompactAfter = TimeSpan.Zero);
        await using var second = TestGateway.Journal(Path.Combine(_folder, "second"), configure: static o => o.CompactAfter = TimeSpan.Zero);
        var journals = new List<UsageJournal> { first };
        var shipping = new UsageShipping(() => journals, gateway.Usage, new PostgreSqlOptions(), NullLogger.Instance, TimeProvider.System);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => shipping.ShipAsync(TestContext.Current.CancellationToken));
        journals.Add(second);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => shipping.ShipAsync(TestContext.Current.CancellationToken));

        foreach (var journal in journals)
        {
            await journal.AppendAsync(TestGateway.Event("1"), TestContext.Current.CancellationToken);
            await journal.RotateAsync();
            await journal.CompactAsync();
            Assert.Empty(Directory.GetFiles(journal.Path, "totals-*"));
        }
    }

    [Fact]
    public async Task Place_of_a_journal_that_cannot_be_read_is_told_once_and_kept_and_the_rest_is_brought()
    {
        var log = new RecordingLoggerProvider();
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema());
        await using var journal = TestGateway.Journal(_folder);
        foreach (var id in (string[])["1", "2", "3"])
        {
            await journal.AppendAsync(TestGateway.Event(id), TestContext.Current.CancellationToken);
        }

        var file = Directory.GetFiles(_folder, "events-*").Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^3] ^= 0x20; // the last event's block
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        var shipping = new UsageShipping(() => [journal], gateway.Usage, new PostgreSqlOptions(), log.CreateLogger("test"), TimeProvider.System);

        await shipping.ShipAsync(TestContext.Current.CancellationToken);
        await shipping.ShipAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, await gateway.Usage.SumAsync());
        Assert.Single(log.Entries, e => e.Level == LogLevel.Error && e.Message.Contains($"is damaged: {file}: ", StringComparison.Ordinal));
        var place = Assert.Single(await gateway.Usage.ReadDamageAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith(file, place.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_are_forgotten_behind_their_time()
    {
        var time = new ShiftedTime();
        await using var gateway = TestGateway.Of(server, PostgresServer.NewSchema(), time: time);
        await gateway.Usage.WriteAsync([TestGateway.Event("1"), TestGateway.Event("2")], TestContext.Current.CancellationToken);

        time.Shift(TimeSpan.FromDays(91));

        Assert.Equal(2, await gateway.Usage.ForgetIdsAsync(time.GetUtcNow() - TimeSpan.FromDays(90), 10, TestContext.Current.CancellationToken));
    }

    private static UsageShipping Shipping(PostgreSqlGateway gateway, UsageJournal journal, int batch = 10_000) =>
        new(() => [journal], gateway.Usage, new PostgreSqlOptions { ShipBatch = batch }, NullLogger.Instance, TimeProvider.System);
}
