using Npgsql;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.PostgreSql.Schema;

namespace ProxyKit.PostgreSql.Usage;

/// <summary>
/// What many gateways' clients used, summed up by hour, client, tier and meter in PostgreSQL. Each event counts once: of a journal's by the place up to
/// which that was brought, of others by their ids.
/// </summary>
/// <remarks>A gateway keeps a journal, and <see cref="PostgreSqlGateway"/> brings it here. Used in a journal's place, each write is a transaction or several, and requests
/// are turned away once the database was away for longer than there is room for events in memory.</remarks>
public sealed class PostgreSqlUsageStore : IUsageStore
{
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly PostgreSqlOptions _options;

    internal PostgreSqlUsageStore(Database database, PostgreSqlOptions options, TimeProvider time) =>
        (_database, _options, _time) = (database, options, time);

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database cannot be reached or refuses. Events are written by <see cref="PostgreSqlOptions.ShipBatch"/>, so a part of them may
    /// be there: it is safe to call again, as their ids are known.</exception>
    public async ValueTask WriteAsync(IReadOnlyList<UsageEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var part in events.Chunk(_options.ShipBatch))
        {
            await WriteAsync([], [.. part.Select(static e => e.AsKept())], static _ => Task.FromResult(true), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database cannot be reached or refuses.</exception>
    public async ValueTask<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await _database.UseAsync(
            async connection =>
            {
                return await UsageTotals.ReadAsync(connection, query, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the single events that sums are made of, as far as they were kept: see <see cref="PostgreSqlOptions.KeepEventsFor"/>.</summary>
    /// <param name="query">Which: those that count in its hours, for its client. Its resolution says nothing here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events in the order in which they happened; read as they are taken. One that has a meter twice has it once, with the sum.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached or refuses.</exception>
    public IAsyncEnumerable<UsageEvent> ReadEventsAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return UsageEvents.ReadAsync(_database, query, cancellationToken);
    }

    /// <summary>Reads which places of gateways' journals could not be read: what was used there is in no total. A row of the table <c>usage_damage</c> that
    /// somebody has looked into may be deleted.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The places, the oldest first; none where all is well.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached or refuses.</exception>
    public async Task<IReadOnlyList<UsageDamage>> ReadDamageAsync(CancellationToken cancellationToken = default)
    {
        return await _database.UseAsync(
            async connection =>
            {
                return await DamagedPlaces.ReadAsync(connection, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the time before a moment, a month say, for all gateways: what happened then and comes from now on counts in the hour it
    /// comes, as a correction of its own hour. Cannot be undone. Worth waiting for until all gateways have brought what they had.</summary>
    /// <param name="until">The moment; a whole hour that is over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is safe.</returns>
    /// <exception cref="ArgumentException">It is no whole hour, or not over.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached or refuses.</exception>
    public async Task ClosePeriodAsync(DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        if (until.UtcTicks % TimeSpan.TicksPerHour != 0 || until > _time.GetUtcNow())
        {
            throw new ArgumentException($"{until:u} is no whole hour that is over.", nameof(until));
        }

        await InTransactionAsync(
            async connection =>
            {
                // Waits for writers that are under way, which count by what was closed when they began.
                await connection.RunAsync("SELECT pg_advisory_xact_lock($1)", cancellationToken, ClosingLock).ConfigureAwait(false);
                await connection.RunAsync(
                    "INSERT INTO usage_closed (until) VALUES ($1) ON CONFLICT (is_only) DO UPDATE SET until = greatest(usage_closed.until, excluded.until)",
                    cancellationToken,
                    until.UtcDateTime).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Until when the time is closed.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The moment; null where none is.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached or refuses.</exception>
    public async Task<DateTimeOffset?> ReadClosedUntilAsync(CancellationToken cancellationToken = default)
    {
        return await _database.UseAsync(
            async connection =>
            {
                return await ClosedUntilAsync(connection, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The database's name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => _database.Name;

    /// <summary>Up to where parts of a journal were brought here; those are missing of which nothing was.</summary>
    internal Task<Dictionary<Guid, JournalPosition>> PlacesOfAsync(Guid[] parts, CancellationToken cancellationToken) => _database.UseAsync(
        async connection =>
        {
            var places = new Dictionary<Guid, JournalPosition>();
            var command = connection.Command("SELECT id, segment, place FROM usage_journals WHERE id = ANY($1)", parts);
            await using (command.ConfigureAwait(false))
            {
                var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        places.Add(reader.GetGuid(0), new(reader.GetInt64(1), reader.GetInt64(2)));
                    }
                }
            }

            return places;
        },
        cancellationToken);

    /// <summary>Writes events of a part of a journal, unless somebody did so already.</summary>
    /// <param name="part">The part.</param>
    /// <param name="from">Up to where it was brought.</param>
    /// <param name="isFirst">Whether nothing of it was.</param>
    /// <param name="events">What lies behind.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether they were written: false where the part was brought to another place than <paramref name="from"/> meanwhile.</returns>
    internal Task<bool> WriteAsync(Guid part, JournalPosition from, bool isFirst, JournalEvents events, CancellationToken cancellationToken) => WriteAsync(
        events.Recorded,
        events.HandedIn,
        async connection =>
        {
            var now = _time.GetUtcNow();
            var claimed = await connection.RunAsync(
                // Whoever comes first makes the row; who comes second finds it elsewhere than it thinks.
                isFirst
                    ? """
                    INSERT INTO usage_journals AS j (id, gateway, segment, place, brought_at) VALUES ($1, $2, $5, $6, $7)
                    ON CONFLICT (id) DO UPDATE SET segment = excluded.segment, place = excluded.place, brought_at = excluded.brought_at
                    WHERE j.segment = $3 AND j.place = $4
                    """
                    : "UPDATE usage_journals SET gateway = $2, segment = $5, place = $6, brought_at = $7 WHERE id = $1 AND segment = $3 AND place = $4",
                cancellationToken,
                part,
                _options.Gateway,
                from.Segment,
                from.Offset,
                events.Next.Segment,
                events.Next.Offset,
                now.UtcDateTime).ConfigureAwait(false);
            if (claimed == 1)
            {
                await DamagedPlaces.AddAsync(connection, part, events.Damage, _options.Gateway, now, cancellationToken).ConfigureAwait(false);
            }

            return claimed == 1;
        },
        cancellationToken);

    /// <summary>Forgets ids that were handed in before a moment, some of them.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> ForgetIdsAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        return await _database.UseAsync(
            async connection =>
            {
                return await connection.RunAsync(
                    "DELETE FROM usage_ids WHERE id IN (SELECT id FROM usage_ids WHERE seen_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)",
                    cancellationToken,
                    before.UtcDateTime,
                    most).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets single events that count before a moment, some of them.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> ForgetEventsAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        return await _database.UseAsync(
            async connection =>
            {
                return await UsageEvents.ForgetAsync(connection, before, most, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private long ClosingLock => AdvisoryKey.Of(_database.Schema, "closing");

    private Task<bool> WriteAsync(
        IReadOnlyList<UsageEvent> recorded, IReadOnlyList<UsageEvent> handedIn, Func<NpgsqlConnection, Task<bool>> claims, CancellationToken cancellationToken) =>
        InTransactionAsync(
            async connection =>
            {
                if (!await claims(connection).ConfigureAwait(false))
                {
                    return false;
                }

                await connection.RunAsync("SELECT pg_advisory_xact_lock_shared($1)", cancellationToken, ClosingLock).ConfigureAwait(false);
                var now = _time.GetUtcNow();
                var sums = new EventSums(await ClosedUntilAsync(connection, cancellationToken).ConfigureAwait(false), now);
                var kept = new List<(UsageEvent Event, DateTime Hour)>();
                foreach (var e in recorded)
                {
                    kept.Add((e, sums.Add(e)));
                }

                if (handedIn.Count > 0)
                {
                    var unknown = await TakeUnknownAsync(connection, handedIn, now, cancellationToken).ConfigureAwait(false);
                    foreach (var e in handedIn.Where(e => unknown.Remove(e.Id)))
                    {
                        kept.Add((e, sums.Add(e)));
                    }
                }

                if (_options.KeepEventsFor is not null)
                {
                    await UsageEvents.AddAsync(connection, kept, _options.Gateway, cancellationToken).ConfigureAwait(false);
                }

                await UsageTotals.AddAsync(connection, sums.Sorted(), cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>Notes ids; those that were not known, of which no other transaction can note the same.</summary>
    private static async Task<HashSet<Guid>> TakeUnknownAsync(
        NpgsqlConnection connection, IReadOnlyList<UsageEvent> events, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = events.Select(static e => e.Id).Distinct().Order().ToArray(); // in one order everywhere: two who have the same wait for one another once
        var command = connection.Command(
            "INSERT INTO usage_ids (id, seen_at) SELECT id, $2 FROM unnest($1) WITH ORDINALITY AS new (id, nr) ORDER BY nr ON CONFLICT DO NOTHING RETURNING id",
            ids,
            now.UtcDateTime);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var unknown = new HashSet<Guid>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    unknown.Add(reader.GetGuid(0));
                }

                return unknown;
            }
        }
    }

    private static async Task<DateTimeOffset?> ClosedUntilAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = connection.Command("SELECT until FROM usage_closed");
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is DateTime until ? new DateTimeOffset(until.ToUniversalTime()) : null;
        }
    }

    private async Task<bool> InTransactionAsync(Func<NpgsqlConnection, Task<bool>> work, CancellationToken cancellationToken)
    {
        return await _database.UseAsync(
            async connection =>
            {
                var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    if (!await work(connection).ConfigureAwait(false))
                    {
                        return false; // disposed of, so rolled back
                    }

                    await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                    return true;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }
}
