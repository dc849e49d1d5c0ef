using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Leasing;

/// <summary>The common count of quotas in the database, as one process of a gateway asks it.</summary>
internal sealed class LeaseTable(Database database, string gateway)
{
    /// <summary>Stands for no limit: nothing is refused, and everything is counted. Far above what a limit may be, and far below where sums would not fit.</summary>
    private const long NoLimit = 1_000_000_000_000_000;

    private readonly Guid _process = Guid.NewGuid(); // what an earlier one had leased when it was killed stays taken

    /// <summary>Tells how leases stand and asks for more, all at once or nothing.</summary>
    /// <param name="asked">The leases, and how much each wants.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up; the same may be asked again.</param>
    /// <returns>Of each what it may use altogether, and what all gateways have taken.</returns>
    public async Task<IReadOnlyList<(long Granted, long Taken)>> AskAsync(
        IReadOnlyList<(TierLeaseState State, long Wanted)> asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var command = connection.Command(
                "SELECT granted_units, taken_units FROM lease($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                _process,
                gateway,
                now.UtcDateTime,
                Of(static s => s.Tiers),
                Of(static s => s.Client.ToArray()),
                Of(static s => s.Window),
                Of(static s => s.EndsAt.UtcDateTime),
                Of(static s => s.Number),
                Of(static s => s.Limit ?? NoLimit),
                Of(static s => s.Used),
                Of(static s => s.Held),
                asked.Select(static a => Math.Min(a.Wanted, NoLimit)).ToArray(),
                Of(static s => s.GivesBack ? 0 : s.Needed));
            await using (command.ConfigureAwait(false))
            {
                var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    var answers = new List<(long, long)>(asked.Count);
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        answers.Add((reader.GetInt64(0), reader.GetInt64(1)));
                    }

                    return answers;
                }
            }
        }

        T[] Of<T>(Func<TierLeaseState, T> part) => [.. asked.Select(a => part(a.State))];
    }

    /// <summary>Whether it answers.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await connection.RunAsync("SELECT 1", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets quotas whose period was over before a moment, some of them.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ForgetAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await connection.RunAsync(
                """
                DELETE FROM quotas WHERE (tiers, client, limit_name, ends_at) IN (
                    SELECT tiers, client, limit_name, ends_at FROM quotas WHERE ends_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
                """,
                cancellationToken,
                before.UtcDateTime,
                most).ConfigureAwait(false);
        }
    }
}
