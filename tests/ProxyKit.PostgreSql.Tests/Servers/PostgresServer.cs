using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ProxyKit.PostgreSql.Tests.Servers;

/// <summary>A PostgreSQL server of the tests' own, in a directory that is gone behind them. Tests get schemas of their own in it.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string Password = "s3cr;et='x"; // what would show if it were anywhere, and has to be quoted

    private static int _schemas;

    private readonly string _root = Directory.CreateTempSubdirectory("proxykit-pg-").FullName;
    private readonly int _port = FreePorts.Next(); // free again behind a kill, so none that the system gives to anybody

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = _port, Username = "gateway", Password = Password, Database = "postgres", Pooling = true, MaxPoolSize = 20,
    }.ConnectionString;

    private string Data => Path.Combine(_root, "data");

    /// <summary>A schema that no other test has.</summary>
    public static string NewSchema() => string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _schemas)}");

    public async ValueTask InitializeAsync()
    {
        if (!PostgresPrograms.AreThere)
        {
            return; // the tests say so
        }

        var password = Path.Combine(_root, "password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.UserName == "root")
        {
            await PostgresPrograms.RunAsync("/", "/bin/chown", "-R", "postgres", _root);
        }

        await PostgresPrograms.RunAsync(
            _root, "initdb", "--pgdata", Data, "--username=gateway", "--auth=scram-sha-256", $"--pwfile={password}", "--no-sync", "--encoding=UTF8", "--locale=C");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (PostgresPrograms.AreThere)
        {
            await PostgresPrograms.RunAsync(_root, "pg_ctl", "stop", "--pgdata", Data, "--mode=immediate");
        }

        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Starts it, also behind a kill, when what it left is still being tidied up for a moment.</summary>
    public async Task StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Nothing here outlives a power cut, and a kill leaves to the machine what was written.
                await PostgresPrograms.RunAsync(
                    _root,
                    "pg_ctl", "start", "--wait", "--pgdata", Data, "--log", Path.Combine(_root, "log"),
                    "--options", string.Create(CultureInfo.InvariantCulture, $"-h 127.0.0.1 -p {_port} -k {_root} -c fsync=off -c shared_buffers=16MB -c max_connections=60"));
                return;
            }
            catch (InvalidOperationException) when (attempt < 20)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250)); // its children have to be gone
            }
        }
    }

    /// <summary>Kills it: <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        var id = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(id);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks something of it.</summary>
    public async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException("no answer"));
    }
}
