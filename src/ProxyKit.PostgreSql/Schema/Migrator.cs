using Npgsql;

namespace ProxyKit.PostgreSql.Schema;

/// <summary>Brings the tables to the version that this package knows. Any number of gateways may do so at once.</summary>
internal static class Migrator
{
    private const int LockSeconds = 3;

    /// <summary>Applies what is missing, all of it or nothing.</summary>
    /// <param name="connection">Open, and not in a transaction.</param>
    /// <param name="schema">The schema; a name that needs no quotes.</param>
    /// <param name="migrations">All steps, in their order.</param>
    /// <param name="database">The database's name, for messages.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <returns>The version that was found.</returns>
    /// <exception cref="SchemaTooNewException">They are of a later version.</exception>
    /// <exception cref="PostgresException">A step failed, or a table was in use for 3 seconds that it changes: nothing is changed then.</exception>
    public static async Task<int> MigrateAsync(
        NpgsqlConnection connection, string schema, IReadOnlyList<Migration> migrations, string database, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var known = migrations[^1].Number;
            var version = await VersionAsync().ConfigureAwait(false);
            if (version < known)
            {
                // One at a time; who comes second finds it done.
                await RunAsync($"SELECT pg_advisory_xact_lock({AdvisoryKey.Of(schema, "migrations")})").ConfigureAwait(false);
                version = await VersionAsync().ConfigureAwait(false);
            }

            if (version > known)
            {
                throw new SchemaTooNewException(database, version, known);
            }

            if (version == 0)
            {
                if (!await HasAsync(connection, $"pg_namespace WHERE nspname = '{schema}'", cancellationToken).ConfigureAwait(false))
                {
                    // Needs a right, even where IF NOT EXISTS finds it: an operator may have made the schema for a user without it.
                    await RunAsync($"CREATE SCHEMA {schema}").ConfigureAwait(false);
                }

                await RunAsync($"CREATE TABLE IF NOT EXISTS {schema}.migrations (number int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())").ConfigureAwait(false);
            }

            // A step that waits for a long read has all inserts wait behind it: better it gives up, and whoever asked tries again.
            await RunAsync($"SET LOCAL lock_timeout = '{LockSeconds}s'").ConfigureAwait(false);
            await RunAsync($"SET LOCAL search_path TO {schema}").ConfigureAwait(false);
            foreach (var migration in migrations.Where(m => m.Number > version))
            {
                await RunAsync(migration.Sql).ConfigureAwait(false);
                await RunAsync($"INSERT INTO migrations (number) VALUES ({migration.Number})").ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return version;
        }

        Task<int> VersionAsync() => Migrator.VersionAsync(connection, schema, cancellationToken);

        async Task RunAsync(string sql)
        {
            await connection.RunAsync(sql, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Of which version the tables are; 0 where there are none.</summary>
    public static async Task<int> VersionAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        if (!await HasAsync(connection, $"pg_tables WHERE schemaname = '{schema}' AND tablename = 'migrations'", cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        var command = connection.Command($"SELECT coalesce(max(number), 0) FROM {schema}.migrations");
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is int number ? number : 0;
        }
    }

    /// <summary>Asks the catalogue's tables: functions as to_regclass remember within a transaction what they did not find, also while another transaction
    /// makes it.</summary>
    private static async Task<bool> HasAsync(NpgsqlConnection connection, string what, CancellationToken cancellationToken)
    {
        var command = connection.Command($"SELECT EXISTS (SELECT FROM {what})");
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }
    }
}
