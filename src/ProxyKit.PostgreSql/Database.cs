using System.Data.Common;
using System.Net;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProxyKit.PostgreSql.Schema;

namespace ProxyKit.PostgreSql;

/// <summary>The database: its connections, whose tables are of the right version.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly SemaphoreSlim _migrating = new(1, 1);
    private readonly ILogger _log;
    private readonly bool _migrates;
    private volatile bool _isChecked;

    private const int MostToConnect = 30; // seconds: commands may be long, and a host that does not answer is away

    /// <exception cref="ArgumentException">The connection string cannot be read, lacks the host, or names another schema.</exception>
    public Database(string connectionString, PostgreSqlOptions options, ILogger log)
    {
        (_log, Schema, _migrates) = (log, options.Schema, options.Migrates);
        var builder = Complete(connectionString, options);
        Name = $"{builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}";
        _source = new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();
    }

    /// <summary>A connection string with what it does not say itself.</summary>
    internal static NpgsqlConnectionStringBuilder Complete(string connectionString, PostgreSqlOptions options)
    {
        var builder = Parse(connectionString);
        var seconds = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds);
        builder.CommandTimeout = Says(connectionString, "commandtimeout") ? builder.CommandTimeout : seconds;
        builder.Timeout = Says(connectionString, "timeout") ? builder.Timeout : Math.Min(seconds, MostToConnect);
        builder.SearchPath = !Says(connectionString, "searchpath") || builder.SearchPath == options.Schema ? options.Schema
            : throw new ArgumentException($"postgresql > the connection string says a Search Path: {nameof(options.Schema)} says where the tables are.", nameof(connectionString));
        builder.ApplicationName ??= "ProxyKit";
        builder.PersistSecurityInfo = false;
        if (!Says(connectionString, "sslmode") && !IsLocal(builder.Host!)) // which Parse has found
        {
            builder.SslMode = SslMode.VerifyFull; // Npgsql takes what the server offers, and verifies nothing
        }

        return builder;
    }

    /// <summary>Whether a connection string says something itself. What it says is kept.</summary>
    private static bool Says(string connectionString, string word) => new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys!
        .Cast<string>().Any(k => k.Replace(" ", "", StringComparison.Ordinal).Equals(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a host, or each of several, is on this machine.</summary>
    private static bool IsLocal(string hosts) => hosts.Split(',').All(static host =>
        host.StartsWith('/') || host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>Which one it is, for messages: no password.</summary>
    public string Name { get; }

    public string Schema { get; }

    /// <summary>Opens a connection; of a database that was not asked yet, the tables are made or brought up first.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_isChecked)
        {
            await CheckAsync(_migrates, always: false, cancellationToken).ConfigureAwait(false);
        }

        return await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does something with a connection.</summary>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                return await work(connection).ConfigureAwait(false);
            }
            catch (PostgresException e)
            {
                Note(e);
                throw;
            }
        }
    }

    /// <summary>Notes that a command failed. Where the tables are not what they were found to be, since the database was put back in an older state or made anew, they
    /// are looked at again the next time.</summary>
    public void Note(PostgresException exception)
    {
        if (exception.SqlState
            is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName)
        {
            _isChecked = false;
        }
    }

    /// <summary>Makes the tables, or brings them up.</summary>
    /// <exception cref="SchemaTooNewException">They are of a later version.</exception>
    public Task MigrateAsync(CancellationToken cancellationToken) => CheckAsync(migrates: true, always: true, cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task CheckAsync(bool migrates, bool always, CancellationToken cancellationToken)
    {
        await _migrating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isChecked && !always) // somebody else was quicker
            {
                return;
            }

            var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var known = Migrations.All[^1].Number;
                var found = migrates
                    ? await Migrator.MigrateAsync(connection, Schema, Migrations.All, Name, cancellationToken).ConfigureAwait(false)
                    : await Migrator.VersionAsync(connection, Schema, cancellationToken).ConfigureAwait(false);
                if (!migrates && found != known)
                {
                    throw found > known ? new SchemaTooNewException(Name, found, known)
                        : new InvalidOperationException($"The tables in {Name}, schema {Schema}, are of version {found}; version {known} is needed, and nobody may make it here.");
                }

                _log.Opened(Name, Schema, found, known);
            }

            _isChecked = true;
        }
        finally
        {
            _migrating.Release();
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // What Npgsql says of it may quote a part of it, and a part may be the password's.
            throw new ArgumentException("postgresql > the connection string cannot be read: \"Host=…;Username=…;Password=…;Database=…\" is expected.", nameof(connectionString));
        }

        return string.IsNullOrEmpty(builder.Host)
            ? throw new ArgumentException("postgresql > the connection string names no Host.", nameof(connectionString))
            : builder;
    }
}
