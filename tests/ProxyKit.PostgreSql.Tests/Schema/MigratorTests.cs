using System.Globalization;
using Npgsql;
using ProxyKit.Metering;
using ProxyKit.PostgreSql.Schema;
using ProxyKit.PostgreSql.Tests.Servers;

namespace ProxyKit.PostgreSql.Tests.Schema;

[Collection(nameof(SharedServer))]
public sealed class MigratorTests(PostgresServer server)
{
    [Fact]
    public async Task Gateways_that_start_at_once_make_the_tables_once()
    {
        var schema = PostgresServer.NewSchema();
        var gateways = Enumerable.Range(0, 8).Select(_ => TestGateway.Of(server, schema)).ToList();

        await Task.WhenAll(gateways.Select(static g => g.MigrateAsync()));

        Assert.Equal(Migrations.All.Count, await server.AskAsync<long>($"SELECT count(*) FROM {schema}.migrations"));
        await DisposeAsync(gateways);
    }

    [Fact]
    public async Task Tables_of_a_later_version_are_left_alone()
    {
        var schema = PostgresServer.NewSchema();
        await using var first = TestGateway.Of(server, schema);
        await first.MigrateAsync(TestContext.Current.CancellationToken);
        await server.AskAsync<int>($"INSERT INTO {schema}.migrations (number) VALUES (1000) RETURNING number");
        await using var second = TestGateway.Of(server, schema);

        var fault = await Assert.ThrowsAsync<SchemaTooNewException>(() => second.MigrateAsync(TestContext.Current.CancellationToken));

        Assert.Contains("version 1000", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_an_earlier_version_keep_what_is_in_them()
    {
        PostgresPrograms.Need();
        var schema = PostgresServer.NewSchema();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await Migrator.MigrateAsync(connection, schema, [Migrations.All[0]], "test", TestContext.Current.CancellationToken);
        await server.AskAsync<string>(string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO {schema}.usage_totals VALUES (now(), 'acme', '', 'requests', 'epoch', 7) RETURNING client"));

        await using var gateway = TestGateway.Of(server, schema);

        Assert.Equal(7, await gateway.Usage.SumAsync());
        Assert.Equal(Migrations.All[^1].Number, await server.AskAsync<int>($"SELECT max(number) FROM {schema}.migrations"));
    }

    [Fact]
    public async Task Events_of_an_earlier_version_have_no_route()
    {
        PostgresPrograms.Need();
        var schema = PostgresServer.NewSchema();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await Migrator.MigrateAsync(connection, schema, [.. Migrations.All.Take(5)], "test", TestContext.Current.CancellationToken);
        Assert.Equal(1, await server.AskAsync<int>(
            $"WITH old AS (INSERT INTO {schema}.usage_events VALUES ('{Guid.NewGuid()}', '2026-11-05', '2026-11-05', 'acme', 'gold', 'public', 'web', 1, 200, 1, 2, '{{}}', 'gw1') RETURNING 1) "
            + "SELECT count(*)::int FROM old"));

        await using var gateway = TestGateway.Of(server, schema);
        await gateway.MigrateAsync(TestContext.Current.CancellationToken);

        // A gateway of that version goes on writing beside the new one, in its own words.
        Assert.Equal(1, await server.AskAsync<int>(
            $"WITH late AS (INSERT INTO {schema}.usage_events (id, happened_at, hour, client, tier, frontend, backend, outcome, status, bytes_in, bytes_out, meters, gateway) "
            + $"VALUES ('{Guid.NewGuid()}', '2026-11-05', '2026-11-05', 'acme', 'gold', 'public', 'web', 1, 200, 1, 2, '{{}}', 'gw1') RETURNING 1) SELECT count(*)::int FROM late"));

        var events = new List<UsageEvent>();
        await foreach (var e in gateway.Usage.ReadEventsAsync(new UsageQuery(), TestContext.Current.CancellationToken))
        {
            events.Add(e);
        }

        Assert.Equal(2, events.Count);
        Assert.All(events, static old => Assert.Equal(("acme", "public", "", "web", 200), (old.Client, old.Frontend, old.Route, old.Backend, old.Status)));
    }

    [Fact]
    public async Task Leases_of_an_earlier_version_are_made_anew()
    {
        PostgresPrograms.Need();
        var schema = PostgresServer.NewSchema();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await Migrator.MigrateAsync(
            connection,
            schema,
            [
                Migrations.All[0],
                new(2, """
                    CREATE TABLE quotas (client bytea PRIMARY KEY, taken bigint);
                    CREATE TABLE leases (client bytea REFERENCES quotas, used bigint);
                    CREATE FUNCTION lease(this_process uuid) RETURNS SETOF leases LANGUAGE sql AS 'SELECT * FROM leases'
                    """),
            ],
            "test",
            TestContext.Current.CancellationToken);

        await using var gateway = TestGateway.Of(server, schema);
        await gateway.MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await server.AskAsync<long>($"SELECT count(*) FROM {schema}.leases JOIN {schema}.gateways USING (process)"));
        Assert.Equal(1, await server.AskAsync<long>($"SELECT count(*) FROM pg_proc WHERE proname = 'lease' AND pronamespace = '{schema}'::regnamespace"));
    }

    [Fact]
    public async Task Step_that_fails_leaves_nothing_behind()
    {
        PostgresPrograms.Need();
        var schema = PostgresServer.NewSchema();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<PostgresException>(() => Migrator.MigrateAsync(
            connection, schema, [Migrations.All[0], new(2, "CREATE TABLE half (a int); SELECT 1 / 0")], "test", TestContext.Current.CancellationToken));

        Assert.False(await server.AskAsync<bool>($"SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{schema}')"));
    }

    /// <summary>Inserts of all gateways would wait behind it.</summary>
    [Fact]
    public async Task Step_does_not_wait_long_for_a_table_that_is_read()
    {
        PostgresPrograms.Need();
        var schema = PostgresServer.NewSchema();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await Migrator.MigrateAsync(connection, schema, [.. Migrations.All.Take(5)], "test", TestContext.Current.CancellationToken);
        await using var reader = new NpgsqlConnection(server.ConnectionString);
        await reader.OpenAsync(TestContext.Current.CancellationToken);
        await using (await reader.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var read = new NpgsqlCommand($"SELECT count(*) FROM {schema}.usage_events", reader);
            await read.ExecuteScalarAsync(TestContext.Current.CancellationToken);

            var fault = await Assert.ThrowsAsync<PostgresException>(
                () => Migrator.MigrateAsync(connection, schema, Migrations.All, "test", TestContext.Current.CancellationToken));

            Assert.Equal(PostgresErrorCodes.LockNotAvailable, fault.SqlState);
        }

        Assert.Equal(5, await Migrator.MigrateAsync(connection, schema, Migrations.All, "test", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task User_who_may_make_no_schema_uses_one_that_was_made_for_it()
    {
        PostgresPrograms.Need();
        var schema = PostgresServer.NewSchema();
        await using (var connection = new NpgsqlConnection(server.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand($"CREATE USER {schema} PASSWORD 'x'; CREATE SCHEMA {schema} AUTHORIZATION {schema}", connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var gateway = new PostgreSqlGateway(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = schema, Password = "x" }.ConnectionString, o => o.Schema = schema);
        await gateway.Usage.WriteAsync([TestGateway.Event("1")], TestContext.Current.CancellationToken);

        Assert.Equal(1, await gateway.Usage.SumAsync());
    }

    [Fact]
    public async Task Gateway_that_may_not_migrate_waits_for_who_does()
    {
        var schema = PostgresServer.NewSchema();
        await using var gateway = TestGateway.Of(server, schema, configure: static o => o.Migrates = false);
        await Assert.ThrowsAsync<InvalidOperationException>(() => gateway.Usage.SumAsync());

        await gateway.MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await gateway.Usage.SumAsync());
    }

    [Fact]
    public void Steps_are_numbered_one_after_the_other() =>
        Assert.Equal(Enumerable.Range(1, Migrations.All.Count), Migrations.All.Select(static m => m.Number));

    [Fact]
    public async Task Tables_that_are_gone_are_made_again_while_the_gateway_runs()
    {
        var schema = PostgresServer.NewSchema();
        await using var gateway = TestGateway.Of(server, schema, configure: static o => o.KeepEventsFor = TimeSpan.FromDays(1));
        await gateway.Usage.WriteAsync([TestGateway.Event("1")], TestContext.Current.CancellationToken);
        await DropAsync();
        await Assert.ThrowsAsync<PostgresException>(() => gateway.Usage.WriteAsync([TestGateway.Event("2")], TestContext.Current.CancellationToken).AsTask());
        await gateway.Usage.WriteAsync([TestGateway.Event("3")], TestContext.Current.CancellationToken);

        await DropAsync();
        await Assert.ThrowsAsync<PostgresException>(() => ReadAsync().AsTask());
        Assert.Empty(await ReadAsync());

        await DropAsync();
        await gateway.MigrateAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Migrations.All[^1].Number, await server.AskAsync<int>($"SELECT max(number) FROM {schema}.migrations"));

        ValueTask<List<UsageEvent>> ReadAsync() => gateway.Usage.ReadEventsAsync(new UsageQuery(), TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        Task DropAsync() => server.AskAsync<int>($"DROP SCHEMA {schema} CASCADE; SELECT 1");
    }

    private static async Task DisposeAsync(List<PostgreSqlGateway> gateways)
    {
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }
    }
}
