using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.PostgreSql;
using ProxyKit.Tool.CommandLines;

namespace ProxyKit.Tool.Metering;

/// <summary>Where usage is read from: a journal, or the database that many gateways bring theirs to.</summary>
internal sealed class UsageSource : IAsyncDisposable
{
    private readonly HashSet<JournalDamage> _damage = [];
    private readonly string _journal;
    private readonly PostgreSqlGateway? _database;

    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public UsageSource(UsageWords words)
    {
        _journal = words.Journal;
        _database = words.Database is null ? null : new PostgreSqlGateway(words.Database, o =>
        {
            o.Schema = words.Schema ?? o.Schema;
            o.Migrates = false; // who asks for a report changes no tables that gateways of another version use
        });
    }

    /// <summary>What could not be read so far.</summary>
    public IReadOnlyCollection<JournalDamage> Damage => _damage;

    /// <summary>How many bytes at the journal's end are no whole block.</summary>
    public long UnfinishedBytes { get; private set; }

    public async Task<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query)
    {
        if (_database is not null)
        {
            return await _database.Usage.ReadAsync(query).ConfigureAwait(false);
        }

        var usage = UsageJournal.Salvage(_journal, query);
        _damage.UnionWith(usage.Damage); // the same places as the last time, and what has come since
        UnfinishedBytes = usage.UnfinishedBytes;
        return usage.Totals;
    }

    /// <summary>Looks for damage without adding anything up.</summary>
    public Task SurveyAsync() => _database is null ? ReadAsync(new UsageQuery { Until = DateTimeOffset.UnixEpoch }) : Task.CompletedTask;

    public async Task<DateTimeOffset?> ReadClosedUntilAsync() =>
        _database is null ? UsageJournal.ReadClosedUntil(_journal) : await _database.Usage.ReadClosedUntilAsync().ConfigureAwait(false);

    public async Task CloseAsync(DateTimeOffset until)
    {
        if (_database is not null)
        {
            await _database.Usage.ClosePeriodAsync(until).ConfigureAwait(false);
            return;
        }

        var journal = UsageJournal.Open(_journal);
        await using (journal.ConfigureAwait(false))
        {
            await journal.ClosePeriodAsync(until).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? default;
}
