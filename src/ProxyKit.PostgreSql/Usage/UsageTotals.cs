using Npgsql;
using ProxyKit.Metering;

namespace ProxyKit.PostgreSql.Usage;

/// <summary>The table of sums.</summary>
internal static class UsageTotals
{
    /// <summary>Adds to it.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="sums">What is added, in the order of its keys.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<KeyValuePair<TotalKey, decimal>> sums, CancellationToken cancellationToken)
    {
        if (sums.Count > 0)
        {
            await connection.RunAsync(
                """
                INSERT INTO usage_totals AS t (hour, client, tier, meter, corrects, quantity)
                SELECT hour, client, tier, meter, corrects, quantity
                FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS new (hour, client, tier, meter, corrects, quantity, nr) ORDER BY nr
                ON CONFLICT (hour, client, tier, meter, corrects) DO UPDATE SET quantity = t.quantity + excluded.quantity
                """,
                cancellationToken,
                sums.Select(static s => s.Key.Hour).ToArray(),
                sums.Select(static s => s.Key.Client).ToArray(),
                sums.Select(static s => s.Key.Tier).ToArray(),
                sums.Select(static s => s.Key.Meter).ToArray(),
                sums.Select(static s => s.Key.Corrects).ToArray(),
                sums.Select(static s => s.Value).ToArray()).ConfigureAwait(false);
        }
    }

    /// <summary>Adds up what a query asks for.</summary>
    public static async Task<IReadOnlyList<UsageTotal>> ReadAsync(NpgsqlConnection connection, UsageQuery query, CancellationToken cancellationToken)
    {
        var all = query.From is { } from ? TotalKey.HourOf(from) : DateTime.UnixEpoch; // where a total of all the time that was asked for begins
        var bucket = query.Resolution switch
        {
            UsageResolution.Day => "date_trunc('day', hour, 'UTC')",
            UsageResolution.Month => "date_trunc('month', hour, 'UTC')",
            UsageResolution.All => "$1",
            _ => "hour",
        };
        var command = connection.Command(
            $"""
            SELECT {bucket} AS bucket, client, tier, meter, corrects,
                least(greatest(sum(quantity), -9223372036854775808), 9223372036854775807) AS quantity -- which stand for all that is beyond them
            FROM usage_totals
            WHERE hour >= $2 AND hour < $3 AND ($4 OR client = $5) AND $1 IS NOT NULL
            GROUP BY 1, client, tier, meter, corrects HAVING sum(quantity) <> 0
            """,
            [all, .. RangeOf(query)]);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var totals = new List<(TotalKey Key, long Quantity)>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var key = new TotalKey(reader.GetUtc(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetUtc(4));
                    totals.Add((key, (long)reader.GetDecimal(5)));
                }

                totals.Sort(static (a, b) => a.Key.CompareTo(b.Key));
                return [.. totals.Select(static t => new UsageTotal(
                    new DateTimeOffset(t.Key.Hour),
                    t.Key.Client,
                    t.Key.Tier,
                    t.Key.Meter,
                    t.Quantity,
                    t.Key.Corrects == TotalKey.InTime ? null : new DateTimeOffset(t.Key.Corrects)))];
            }
        }
    }

    /// <summary>What a query goes over: from which hour, before which one, whether of all clients, and else of which one.</summary>
    public static object[] RangeOf(UsageQuery query) =>
    [
        query.From is { } first ? TotalKey.HourOf(first) : DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
        query.Until is { } last ? TotalKey.HourOf(last) : DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
        query.Client is null,
        query.Client is { } client ? new UsageEvent { Id = default, Time = default, Client = client }.AsKept().Client : "", // as it was written
    ];
}
