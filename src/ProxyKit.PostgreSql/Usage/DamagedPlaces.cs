using Npgsql;
using ProxyKit.Metering.Journals;

namespace ProxyKit.PostgreSql.Usage;

/// <summary>The table of what journals had that could not be read.</summary>
internal static class DamagedPlaces
{
    /// <summary>Adds places; those that are there stay as they are.</summary>
    /// <param name="connection">In the transaction that brings what is behind them.</param>
    /// <param name="journal">Whose.</param>
    /// <param name="places">The places.</param>
    /// <param name="gateway">Who found them.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task AddAsync(
        NpgsqlConnection connection, Guid journal, IReadOnlyList<JournalDamage> places, string gateway, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (places.Count > 0)
        {
            await connection.RunAsync(
                "INSERT INTO usage_damage (journal, place, gateway, found_at) SELECT $1, place, $3, $4 FROM unnest($2) AS new (place) ON CONFLICT DO NOTHING",
                cancellationToken,
                journal,
                places.Select(static p => p.ToString()).ToArray(),
                gateway,
                now.UtcDateTime).ConfigureAwait(false);
        }
    }

    /// <summary>Reads all, the oldest first.</summary>
    public static async Task<IReadOnlyList<UsageDamage>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = connection.Command("SELECT gateway, place, found_at FROM usage_damage ORDER BY found_at, gateway, place");
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var places = new List<UsageDamage>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    places.Add(new(reader.GetString(0), reader.GetString(1), new DateTimeOffset(reader.GetUtc(2))));
                }

                return places;
            }
        }
    }
}
