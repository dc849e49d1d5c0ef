using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Npgsql;
using ProxyKit.Metering;

namespace ProxyKit.PostgreSql.Usage;

/// <summary>The table of single events.</summary>
internal static class UsageEvents
{
    /// <summary>Adds events that count; one that is there stays as it is.</summary>
    /// <param name="connection">In the transaction that counts them.</param>
    /// <param name="events">The events, and the hour that each counts in.</param>
    /// <param name="gateway">Who brings them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task AddAsync(
        NpgsqlConnection connection, IReadOnlyList<(UsageEvent Event, DateTime Hour)> events, string gateway, CancellationToken cancellationToken)
    {
        if (events.Count > 0)
        {
            await connection.RunAsync(
                """
                INSERT INTO usage_events (id, happened_at, hour, client, tier, frontend, route, backend, outcome, status, bytes_in, bytes_out, meters, gateway)
                SELECT id, happened_at, hour, client, tier, frontend, route, backend, outcome, status, bytes_in, bytes_out, meters::jsonb, $14
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                    AS new (id, happened_at, hour, client, tier, frontend, route, backend, outcome, status, bytes_in, bytes_out, meters)
                ON CONFLICT (id) DO NOTHING
                """,
                cancellationToken,
                Of(static e => e.Id),
                Of(static e => e.Time.UtcDateTime),
                events.Select(static e => e.Hour).ToArray(),
                Of(static e => e.Client),
                Of(static e => e.Tier),
                Of(static e => e.Frontend),
                Of(static e => e.Route),
                Of(static e => e.Backend),
                Of(static e => (int)e.Outcome),
                Of(static e => e.Status),
                Of(static e => e.BytesIn),
                Of(static e => e.BytesOut),
                Of(static e => Json(e.Meters)),
                gateway).ConfigureAwait(false);
        }

        T[] Of<T>(Func<UsageEvent, T> part) => [.. events.Select(e => part(e.Event))];
    }

    /// <summary>Reads those that count in the hours of a query.</summary>
    public static async IAsyncEnumerable<UsageEvent> ReadAsync(Database database, UsageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var command = connection.Command(
                """
                SELECT id, happened_at, client, tier, frontend, route, backend, outcome, status, bytes_in, bytes_out, meters::text FROM usage_events
                WHERE hour >= $1 AND hour < $2 AND ($3 OR client = $4) ORDER BY happened_at, id
                """,
                [.. UsageTotals.RangeOf(query)]);
            await using (command.ConfigureAwait(false))
            {
                NpgsqlDataReader reader;
                try
                {
                    reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (PostgresException e)
                {
                    database.Note(e);
                    throw;
                }

                await using (reader.ConfigureAwait(false))
                {
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        yield return new UsageEvent
                        {
                            Id = reader.GetGuid(0),
                            Time = new DateTimeOffset(reader.GetUtc(1)),
                            Client = reader.GetString(2),
                            Tier = reader.GetString(3),
                            Frontend = reader.GetString(4),
                            Route = reader.GetString(5),
                            Backend = reader.GetString(6),
                            Outcome = (UsageOutcome)reader.GetInt32(7),
                            Status = reader.GetInt32(8),
                            BytesIn = reader.GetInt64(9),
                            BytesOut = reader.GetInt64(10),
                            Meters = Meters(reader.GetString(11)),
                        };
                    }
                }
            }
        }
    }

    /// <summary>Forgets those that count before a moment, some of them.</summary>
    /// <returns>How many.</returns>
    public static Task<int> ForgetAsync(NpgsqlConnection connection, DateTimeOffset before, int most, CancellationToken cancellationToken) => connection.RunAsync(
        "DELETE FROM usage_events WHERE ctid = ANY (ARRAY(SELECT ctid FROM usage_events WHERE hour < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))",
        cancellationToken,
        before.UtcDateTime,
        most);

    private static string Json(IReadOnlyList<MeterValue> meters)
    {
        if (meters.Count == 0)
        {
            return "{}";
        }

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var meter in meters.GroupBy(static m => m.Meter, static m => (decimal)m.Quantity))
            {
                json.WriteNumber(meter.Key, meter.Sum());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static MeterValue[] Meters(string text)
    {
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.EnumerateObject().Select(static m => new MeterValue(m.Name, (long)decimal.Clamp(m.Value.GetDecimal(), long.MinValue, long.MaxValue)))];
    }
}
