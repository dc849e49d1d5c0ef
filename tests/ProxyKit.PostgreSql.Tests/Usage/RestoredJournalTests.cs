using ProxyKit.Metering.Journals;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.PostgreSql.Usage;

namespace ProxyKit.PostgreSql.Tests.Usage;

/// <summary>A journal of which an older state is put back: each event counts once, wherever it was written.</summary>
[Collection(nameof(SharedServer))]
public sealed class RestoredJournalTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-restore-").FullName;
    private readonly RecordingLoggerProvider _log = new();
    private readonly PostgreSqlGateway _gateway;
    private int _written;

    private readonly PostgresServer _server;
    private readonly string _schema = PostgresServer.NewSchema();

    public RestoredJournalTests(PostgresServer server) => (_server, _gateway) = (server, TestGateway.Of(server, _schema));

    private string Live => Path.Combine(_folder, "journal");

    private string Backup => Path.Combine(_folder, "backup");

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)] // longer by then than what the database had of it
    public async Task What_is_written_behind_the_state_that_was_put_back_is_brought_and_nothing_twice(int writtenSince)
    {
        await RunAsync(events: 2, ships: true);
        Copy(Live, Backup);
        await RunAsync(events: 3, ships: true);
        PutBack();
        await using (var journal = TestGateway.Journal(Live))
        {
            var shipping = Shipping(journal);
            await ShipAsync(shipping);
            await WriteAsync(journal, writtenSince);
            await ShipAsync(shipping);
            await journal.RotateAsync();
            await WriteAsync(journal, 1);
            await ShipAsync(shipping);
        }

        await RunAsync(events: 1, ships: true);

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task What_was_written_while_the_database_was_away_is_brought_over_restarts()
    {
        await RunAsync(events: 2, ships: true);
        Copy(Live, Backup);
        await RunAsync(events: 3, ships: true);
        PutBack();
        for (var start = 0; start < 3; start++)
        {
            await RunAsync(events: 4, ships: false);
        }

        await RunAsync(events: 1, ships: true);

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Backup_that_was_made_while_the_database_was_away_counts_once()
    {
        await RunAsync(events: 2, ships: true);
        await RunAsync(events: 2, ships: false);
        await RunAsync(events: 2, ships: false);
        Copy(Live, Backup);
        await RunAsync(events: 3, ships: true);
        PutBack();
        await RunAsync(events: 4, ships: false);
        await RunAsync(events: 4, ships: true);

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task State_that_is_put_back_before_the_database_had_all_of_it_is_brought_to_its_end()
    {
        await RunAsync(events: 2, ships: true);
        await RunAsync(events: 2, ships: false);
        Copy(Live, Backup);
        PutBack();
        await RunAsync(events: 1, ships: true);

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
        Assert.DoesNotContain(_log.Entries, static e => e.Message.Contains("is an older state", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Segments_behind_the_state_that_was_put_back_are_not_summed_up_before_they_are_brought()
    {
        await RunAsync(events: 2, ships: true);
        var cursor = Path.Combine(Live, "cursor-postgresql");
        Copy(Live, Backup);
        await using (var journal = TestGateway.Journal(Live))
        {
            await journal.RotateAsync();
            await WriteAsync(journal, 1);
            await ShipAsync(Shipping(journal));
        }

        File.Copy(cursor, Path.Combine(Backup, "cursor-postgresql"), overwrite: true); // the segments alone are put back
        PutBack();
        await using (var journal = TestGateway.Journal(Live, configure: static o => o.CompactAfter = TimeSpan.Zero))
        {
            var shipping = Shipping(journal);
            await ShipAsync(shipping);
            await WriteAsync(journal, 1);
            await journal.RotateAsync();
            await journal.CompactAsync();
            await ShipAsync(shipping);
        }

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Copies_that_go_on_beside_one_another_each_bring_their_own()
    {
        await using var journal = TestGateway.Journal(Live);
        var shipping = Shipping(journal);
        await ShipAsync(shipping); // as when a gateway starts
        await WriteAsync(journal, 3);
        Copy(Live, Backup); // while it is written to
        await WriteAsync(journal, 2);
        await ShipAsync(shipping);
        await using var copy = TestGateway.Journal(Backup);
        var copied = Shipping(copy);
        for (var round = 0; round < 3; round++)
        {
            await WriteAsync(copy, 4);
            await ShipAsync(copied);
            await WriteAsync(journal, 1);
            await ShipAsync(shipping);
        }

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
        Assert.Single(_log.Entries, static e => e.Message.Contains("is an older state", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Copy_that_is_brought_first_takes_nothing_from_the_journal()
    {
        await using var journal = TestGateway.Journal(Live);
        var shipping = Shipping(journal);
        await WriteAsync(journal, 3);
        await ShipAsync(shipping);
        await WriteAsync(journal, 3);
        Copy(Live, Backup);
        await using (var copy = TestGateway.Journal(Backup))
        {
            await WriteAsync(copy, 5);
            await ShipAsync(Shipping(copy)); // what they have in common too
        }

        await WriteAsync(journal, 1);
        await ShipAsync(shipping);

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task State_of_another_line_that_is_put_back_counts_once()
    {
        var second = Path.Combine(_folder, "second");
        await RunAsync(events: 2, ships: true);
        Copy(Live, Backup);
        await RunAsync(events: 2, ships: true);
        Copy(Live, second);
        await RunAsync(events: 2, ships: true);
        PutBack();
        await RunAsync(events: 1, ships: true); // so that the first state is at a place between the second one's
        PutBack(second);
        await RunAsync(events: 3, ships: true);

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Many_starts_while_the_database_is_away_lose_nothing()
    {
        await RunAsync(events: 2, ships: true);
        Copy(Live, Backup);
        await RunAsync(events: 1, ships: true);
        PutBack();
        for (var start = 0; start < 70; start++)
        {
            await RunAsync(events: 1, ships: false);
        }

        await RunAsync(events: 1, ships: true);

        Assert.Equal(_written, await _gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Process_that_is_put_back_with_its_memory_brings_what_it_writes_from_then_on()
    {
        await using (var journal = TestGateway.Journal(Live))
        {
            var shipping = Shipping(journal);
            await WriteAsync(journal, 1);
            await ShipAsync(shipping);
            await _server.AskAsync<long>($"UPDATE {_schema}.usage_journals SET place = place + 400 RETURNING place"); // as the process that went on there did
            await WriteAsync(journal, 1);
            await ShipAsync(shipping); // finds another place than it knows
            await WriteAsync(journal, 20); // beyond that place
            await ShipAsync(shipping);
            Assert.Equal(21, await _gateway.Usage.SumAsync());
        }

        Assert.Single(_log.Entries, static e => e.Message.Contains("put back with its memory", StringComparison.Ordinal));
        await RunAsync(events: 3, ships: true);
        Assert.Equal(24, await _gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Journal_of_which_much_is_summed_up_is_no_older_state_to_a_database_that_was_made_anew()
    {
        await RunAsync(events: 2, ships: true);
        await using (var journal = TestGateway.Journal(Live, configure: static o => o.CompactAfter = TimeSpan.Zero))
        {
            await WriteAsync(journal, 2);
            await ShipAsync(Shipping(journal));
            await journal.RotateAsync();
            await WriteAsync(journal, 3);
            await ShipAsync(Shipping(journal));
            await journal.CompactAsync();
        }

        await _server.AskAsync<long>($"WITH gone AS (DELETE FROM {_schema}.usage_journals RETURNING 1) SELECT count(*) FROM gone");
        await RunAsync(events: 1, ships: true);

        Assert.DoesNotContain(_log.Entries, static e => e.Message.Contains("is an older state", StringComparison.Ordinal));
        Assert.Equal(_written + 3, await _gateway.Usage.SumAsync()); // the three that are still single events count again, as the sums were left there
    }

    /// <summary>One process's time: events are written, and brought where the database is there.</summary>
    private async Task RunAsync(int events, bool ships)
    {
        await using var journal = TestGateway.Journal(Live);
        if (ships)
        {
            await ShipAsync(Shipping(journal));
        }

        await WriteAsync(journal, events);
        if (ships)
        {
            await ShipAsync(Shipping(journal));
        }
    }

    private async Task WriteAsync(UsageJournal journal, int events)
    {
        for (var i = 0; i < events; i++)
        {
            await journal.AppendAsync(TestGateway.Event($"{++_written}"), TestContext.Current.CancellationToken);
        }
    }

    private UsageShipping Shipping(UsageJournal journal) =>
        new(() => [journal], _gateway.Usage, new PostgreSqlOptions(), _log.CreateLogger("test"), TimeProvider.System);

    /// <summary>Brings what is there, and forgets its ids, so that it counts again if it comes again, as a proxy's own events do.</summary>
    private async Task ShipAsync(UsageShipping shipping)
    {
        await shipping.ShipAsync(TestContext.Current.CancellationToken);
        await _gateway.Usage.ForgetIdsAsync(DateTimeOffset.UtcNow.AddDays(1), 1_000, TestContext.Current.CancellationToken);
    }

    private void PutBack(string? backup = null)
    {
        Directory.Delete(Live, recursive: true);
        Copy(backup ?? Backup, Live);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(static f => !f.EndsWith("lock", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
