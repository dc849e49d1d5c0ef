using ProxyKit.Metering;
using ProxyKit.Metering.Journals;

namespace ProxyKit.PostgreSql.Tests.Servers;

/// <summary>What tests of gateways need again and again.</summary>
internal static class TestGateway
{
    /// <summary>A gateway that does all it does soon.</summary>
    public static PostgreSqlGateway Of(
        PostgresServer server, string schema, RecordingLoggerProvider? log = null, TimeProvider? time = null, Action<PostgreSqlOptions>? configure = null)
    {
        PostgresPrograms.Need();
        return new PostgreSqlGateway(
            server.ConnectionString,
            o =>
            {
                o.Schema = schema;
                o.ShipInterval = o.RetryDelay = TimeSpan.FromMilliseconds(20);
                o.LeaseInterval = TimeSpan.FromMilliseconds(5);
                o.AwayAfter = TimeSpan.FromMinutes(1); // a database on a busy machine is slow, and only one that was killed is away
                configure?.Invoke(o);
            },
            log,
            time);
    }

    public static UsageEvent Event(string id, string client = "acme", DateTimeOffset? at = null, params MeterValue[] meters) => new()
    {
        Id = UsageEvent.IdOf(id),
        Time = at ?? new DateTimeOffset(2026, 11, 5, 10, 30, 0, TimeSpan.Zero),
        Client = client,
        Tier = "gold",
        Outcome = UsageOutcome.Served,
        Status = 200,
        BytesIn = 100,
        BytesOut = 1000,
        Meters = meters,
    };

    /// <summary>How much of a meter there is altogether.</summary>
    public static async Task<long> SumAsync(this IUsageStore store, string meter = UsageMeters.Requests, string? client = null) =>
        (await store.ReadAsync(new UsageQuery { Client = client, Resolution = UsageResolution.All })).Where(t => t.Meter == meter).Sum(static t => t.Quantity);

    /// <summary>Waits until something holds that comes from another thread or from the database.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            Assert.False(patience.IsCancellationRequested, $"30 s passed while waiting for {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }
    }

    /// <summary>A journal in a directory that is gone behind the test.</summary>
    public static UsageJournal Journal(string directory, TimeProvider? time = null, Action<UsageJournalOptions>? configure = null)
    {
        var options = new UsageJournalOptions { FlushInterval = TimeSpan.FromMilliseconds(5) };
        configure?.Invoke(options);
        return UsageJournal.Open(directory, options, timeProvider: time);
    }
}
