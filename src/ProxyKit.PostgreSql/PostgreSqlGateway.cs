using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Logging;
using ProxyKit.PostgreSql.Leasing;
using ProxyKit.PostgreSql.Usage;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql;

/// <summary>
/// One gateway's part in what many have in common: brings the proxy's usage journal to the database, and leases quotas from there. The proxy waits for none
/// of it: the database may be away at any time, also at the start, and is caught up with once it is back.
/// </summary>
public sealed class PostgreSqlGateway : IAsyncDisposable
{
    private readonly Lock _lock = new(); // guards _running, _shipping and _hasStopped
    private readonly Database _database;
    private readonly PostgreSqlOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly LeaseRounds _rounds;
    private readonly CancellationTokenSource _stopping = new();
    private UsageShipping? _shipping;
    private Task _running = Task.CompletedTask;
    private bool _hasStopped;

    /// <param name="connectionString">Npgsql's: <c>Host=…;Username=…;Password=…;Database=…</c>. It is never logged.</param>
    /// <param name="configure">Says how.</param>
    /// <param name="loggerFactory">Where it tells what happens; null for nowhere.</param>
    /// <param name="timeProvider">Where time comes from; null for the system's clock.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read or names a <c>Search Path</c>, or options are out of their ranges; all faults are told.</exception>
    public PostgreSqlGateway(
        string connectionString, Action<PostgreSqlOptions>? configure = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        _options = new PostgreSqlOptions();
        configure?.Invoke(_options);
        var faults = _options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', faults), nameof(configure));
        }

        _log = new UnfailingLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(PostgreSqlLog.Category));
        _time = timeProvider ?? TimeProvider.System;
        _database = new Database(connectionString, _options, _log);
        Usage = new PostgreSqlUsageStore(_database, _options, _time);
        Leases = new TierLeases(_options.Credit, _options.CreditWhileAway) { ExpireAfter = _options.ExpireAfter };
        _rounds = new LeaseRounds(Leases, new LeaseTable(_database, _options), _options, _database.Name, _log, _time);
    }

    /// <summary>What all gateways' clients used.</summary>
    public PostgreSqlUsageStore Usage { get; }

    /// <summary>What the gateways share of clients' limits: <c>tiers.Share(gateway.Leases)</c>.</summary>
    public TierLeases Leases { get; }

    /// <summary>Makes the tables, or brings them to the version of this package. Happens by itself otherwise, when the database is asked first.</summary>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <returns>When it is done.</returns>
    /// <exception cref="Schema.SchemaTooNewException">The tables are of a later version.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database cannot be reached or refuses.</exception>
    public Task MigrateAsync(CancellationToken cancellationToken = default) => _database.MigrateAsync(cancellationToken);

    /// <summary>Begins to work for a proxy. One without a journal has no usage to bring, one without shared tiers has nothing to lease.</summary>
    /// <param name="proxy">The proxy; may be started later.</param>
    /// <exception cref="InvalidOperationException">It was begun before, or has stopped.</exception>
    public void Start(Proxy proxy)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        lock (_lock)
        {
            if (_shipping is not null || _hasStopped)
            {
                throw new InvalidOperationException("The gateway was started before.");
            }

            var shipping = _shipping = new UsageShipping(() => proxy.UsageJournals, Usage, _options, _log, _time);
            _running = Task.WhenAll(
                Task.Run(() => shipping.RunAsync(_stopping.Token), CancellationToken.None),
                Task.Run(() => _rounds.RunAsync(_stopping.Token), CancellationToken.None));
        }
    }

    /// <summary>Brings what is left and gives leases back, within <see cref="PostgreSqlOptions.StopTimeout"/>; best once the proxy has stopped. What is not brought
    /// then is brought after the next start.</summary>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    /// <returns>When it is done.</returns>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_hasStopped)
            {
                return;
            }

            _hasStopped = true;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        if (_shipping is { } shipping)
        {
            using var limit = new CancellationTokenSource(_options.StopTimeout, _time);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await EndAsync(shipping, ending.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Stops, and closes the connections.</summary>
    /// <returns>When it is done.</returns>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private async Task EndAsync(UsageShipping shipping, CancellationToken ending)
    {
        try
        {
            await _rounds.RoundAsync(givesAllBack: true, ending).ConfigureAwait(false);
            await shipping.ShipAsync(ending).ConfigureAwait(false);
            await _rounds.EndAsync(ending).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.StoppedWithout(e, _database.Name); // a database that is away keeps nobody from stopping
        }

        Leases.IsAway = true; // nobody answers any more
    }
}
