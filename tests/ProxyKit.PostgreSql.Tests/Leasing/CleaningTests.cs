using ProxyKit.PostgreSql.Tests.Servers;

namespace ProxyKit.PostgreSql.Tests.Leasing;

/// <summary>A database that answers leases is there, whether or not what is old can be removed from it.</summary>
[Collection(nameof(SharedServer))]
public sealed class CleaningTests(PostgresServer server)
{
    [Theory]
    [InlineData("gateways", 2)] // what is old, each hour
    [InlineData("leases", 0)] // what was given back, each time
    public async Task What_cannot_be_removed_has_no_client_served_on_credit(string table, int hours)
    {
        var (schema, time, log) = (PostgresServer.NewSchema(), new ShiftedTime(), new RecordingLoggerProvider());
        await using var gateway = TestGateway.Of(server, schema, log, time, static o => o.GiveBackAfter = TimeSpan.FromMilliseconds(20));
        await gateway.MigrateAsync(TestContext.Current.CancellationToken);
        await server.AskAsync<int>(
            $"""
            CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not here''; END';
            CREATE TRIGGER refuse BEFORE DELETE ON {schema}.{table} FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();
            SELECT 1
            """);
        await using var proxy = await TieredProxy.StartAsync(gateway, 0, time, configure: static t => t.Concurrency(10));
        foreach (var client in (string[])["first", "next"]) // in two rounds, so that the hour has begun
        {
            await proxy.AskAsync(client);
            await LeasedAsync(client);
        }

        time.Shift(TimeSpan.FromHours(hours));
        await log.WaitForAsync(static e => e.Message.Contains("could not be removed", StringComparison.Ordinal));
        await proxy.AskAsync("last");
        await LeasedAsync("last");

        Assert.False(gateway.Leases.IsAway);
        Assert.DoesNotContain(log.Entries, static e => e.Message.Contains("cannot be leased", StringComparison.Ordinal));
        Assert.Single(log.Entries, static e => e.Message.Contains("could not be removed", StringComparison.Ordinal));

        Task LeasedAsync(string client) => TestGateway.UntilAsync(
            async () => await server.AskAsync<long>($"SELECT count(*) FROM {schema}.quotas WHERE client = '{client}'") == 1, "the lease");
    }
}
