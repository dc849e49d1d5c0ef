using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using ProxyKit.Metering;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.PostgreSql.Usage;

namespace ProxyKit.PostgreSql.Tests.Usage;

/// <summary>Npgsql has a switch for the whole process, which others in it may need: times are read as local ones then.</summary>
[Collection(nameof(SharedServer))]
public sealed class LegacyTimestampTests(PostgresServer server)
{
    private const string Variable = "PROXYKIT_LEGACY_CHILD";

    [Fact]
    public async Task Times_are_the_same_where_they_are_read_as_local_ones()
    {
        PostgresPrograms.Need();
        Assert.SkipWhen(!File.Exists("/usr/share/zoneinfo/Asia/Tokyo"), "There are no time zones on this machine.");
        var schema = PostgresServer.NewSchema();
        await using (var gateway = Of(server.ConnectionString, schema))
        {
            await gateway.Usage.WriteAsync([TestGateway.Event("1")], TestContext.Current.CancellationToken);
            await gateway.Usage.ClosePeriodAsync(new DateTimeOffset(2026, 11, 6, 0, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);
            await gateway.Usage.WriteAsync([TestGateway.Event("2")], TestContext.Current.CancellationToken);
            await server.AskAsync<int>(
                $"INSERT INTO {schema}.usage_damage VALUES ('{Guid.NewGuid()}', 'somewhere', 'here', '2026-11-05T10:30:00Z') RETURNING 1");
        }

        var start = new ProcessStartInfo("dotnet", ["exec", typeof(LegacyTimestampTests).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Variable] = $"{server.ConnectionString}|{schema}";
        start.Environment["TZ"] = "Asia/Tokyo";
        using var child = Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
        var read = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(await TimesAsync(server.ConnectionString, schema), read);
        Assert.Contains("2026-11-05T10:00:00", read, StringComparison.Ordinal);
    }

    [ModuleInitializer]
    internal static void RunInstead()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } words)
        {
            AppContext.SetSwitch("Npgsql.EnableLegacyTimestampBehavior", true);
            var (connectionString, schema) = (words.Split('|')[0], words.Split('|')[1]);
            Console.Out.Write(TimesAsync(connectionString, schema).GetAwaiter().GetResult());
            Environment.Exit(0);
        }
    }

    private static PostgreSqlGateway Of(string connectionString, string schema) => new(
        connectionString,
        o =>
        {
            o.Schema = schema;
            o.KeepEventsFor = TimeSpan.FromDays(3000);
        },
        timeProvider: new ShiftedTime());

    /// <summary>All times that the store hands out.</summary>
    private static async Task<string> TimesAsync(string connectionString, string schema)
    {
        await using var gateway = Of(connectionString, schema);
        var november = new UsageQuery { From = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), Until = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var times = new List<DateTimeOffset?>();
        foreach (var resolution in Enum.GetValues<UsageResolution>())
        {
            times.AddRange((await gateway.Usage.ReadAsync(november with { Resolution = resolution })).SelectMany(static t => new[] { t.From, t.CorrectsHour }));
        }

        await foreach (var e in gateway.Usage.ReadEventsAsync(november))
        {
            times.Add(e.Time);
        }

        times.AddRange((await gateway.Usage.ReadDamageAsync()).Select(static d => (DateTimeOffset?)d.FoundAt));
        times.Add(await gateway.Usage.ReadClosedUntilAsync());
        return string.Join('\n', times.Select(static t => t is { } known ? $"{known.ToString("s", CultureInfo.InvariantCulture)} {known.Offset}" : "none"));
    }
}
