using System.Globalization;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.PostgreSql;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Metering;

/// <summary>Where usage is read from: a journal, or the database that many gateways bring theirs to.</summary>
internal sealed class UsageSource : IAsyncDisposable
{
    private readonly HashSet<string> _damage = []; // each place in words
    private readonly string _journal;
    private readonly PostgreSqlGateway? _database;
    private long _unfinishedBytes; // at the journal's end, where they are no whole block

    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public UsageSource(UsageWords words)
    {
        _journal = words.Journal;
        _database = words.Database is null ? null : new PostgreSqlGateway(words.Database, o =>
        {
            o.Schema = words.Schema ?? o.Schema;
            o.CommandTimeout = TimeSpan.FromMinutes(10); // sums of a year of many clients take a while, unless the connection string says for how long
            o.Migrates = false; // who asks for a report changes no tables that gateways of another version use
        });
    }

    /// <summary>Whether a journal has sums in the place of its older events.</summary>
    public bool HasSums => _database is null && Directory.EnumerateFiles(_journal, "totals-*").Any();

    public async Task<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query)
    {
        if (_database is not null)
        {
            var totals = await _database.Usage.ReadAsync(query).ConfigureAwait(false);
            _damage.UnionWith((await _database.Usage.ReadDamageAsync().ConfigureAwait(false)).Select(static d => d.ToString()));
            return totals;
        }

        var usage = UsageJournal.Salvage(_journal, query);
        _damage.UnionWith(usage.Damage.Select(static d => d.ToString())); // the same places as the last time, and what has come since
        _unfinishedBytes = usage.UnfinishedBytes;
        return usage.Totals;
    }

    /// <summary>Reads single events: a journal's by when they happened, a database's by when they count.</summary>
    public async IAsyncEnumerable<UsageEvent> ReadEventsAsync(UsageQuery query)
    {
        if (_database is not null)
        {
            await foreach (var e in _database.Usage.ReadEventsAsync(query).ConfigureAwait(false))
            {
                yield return e;
            }
        }

        foreach (var e in _database is null ? UsageJournal.ReadEvents(_journal, query) : [])
        {
            yield return e;
        }

        await SurveyAsync().ConfigureAwait(false);
    }

    /// <summary>Looks for damage without adding anything up.</summary>
    public Task SurveyAsync() => ReadAsync(new UsageQuery { Until = DateTimeOffset.UnixEpoch });

    /// <summary>Tells what of a journal could not be read.</summary>
    /// <returns>Whether there is nothing, or it is accepted.</returns>
    public bool TellDamage(UsageWords words, MessageWriter messages)
    {
        foreach (var place in _damage)
        {
            messages.Warning($"usage : {(_database is null ? "the" : "a")} journal is damaged: {place}. What was used there is not counted.");
        }

        if (_unfinishedBytes > 0)
        {
            messages.Notice(string.Create(
                CultureInfo.InvariantCulture, $"usage : the last {_unfinishedBytes} bytes of the journal are a write that was not finished. Nobody was told that it is safe."));
        }

        return _damage.Count == 0 || words.AcceptsDamage;
    }

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
