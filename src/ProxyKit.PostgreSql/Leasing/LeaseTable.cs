using System.Globalization;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Leasing;

/// <summary>The common count of limits in the database, as one process of a gateway asks it.</summary>
internal sealed class LeaseTable(Database database, PostgreSqlOptions options)
{
    /// <summary>Stands for no limit: nothing is refused, and everything is counted. Far above what a limit may be, and far below where sums would not fit.</summary>
    private const long NoLimit = 1_000_000_000_000_000;

    private readonly Guid _process = Guid.NewGuid(); // what an earlier one had leased when it was killed stays taken

    /// <summary>Tells one counter from others of its name, which count in another way.</summary>
    public static string ShapeOf(TierLeaseState state)
    {
        return state.Kind switch
        {
            TierLimitKind.Concurrency => "concurrency",
            TierLimitKind.Bucket => Of("bucket"),
            TierLimitKind.Sliding => Of("sliding"),
            TierLimitKind.Quota => Of("quota"),
            _ => Of("fixed"),
        };

        string Of(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind} {state.Period} {state.Segments}");
    }

    /// <summary>Tells how leases stand and asks for more, all at once or nothing. Also with none of them this gateway counts as alive.</summary>
    /// <param name="asked">The leases, and how much each wants.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up; the same may be asked again.</param>
    /// <returns>The answers, in the order of the leases.</returns>
    public async Task<IReadOnlyList<LeaseAnswer>> AskAsync(
        IReadOnlyList<(TierLeaseState State, long Wanted)> asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        return await database.UseAsync(
            async connection =>
            {
                var command = connection.Command(
                    """
                    SELECT granted_units, taken_units, period_starts, period_ends
                    FROM lease($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
                    """,
                    _process,
                    options.Gateway,
                    now.UtcDateTime,
                    options.ExpireAfter,
                    Of(static s => s.Tiers),
                    Of(static s => s.Client.ToArray()),
                    Of(static s => s.Window),
                    Of(ShapeOf),
                    Of(static s => s.Period),
                    Of(static s => s.Refill),
                    Of(static s => s.StartsAt.UtcDateTime),
                    Of(static s => s.EndsAt.UtcDateTime),
                    Of(static s => s.Number),
                    Of(static s => s.Limit ?? NoLimit),
                    Of(static s => s.Used),
                    asked.SelectMany(static a => a.State.Earlier).ToArray(),
                    Of(static s => s.Earlier.Count),
                    Of(static s => s.Held),
                    asked.Select(static a => Math.Min(a.Wanted, NoLimit)).ToArray(),
                    Of(static s => s.GivesBack ? 0 : s.Needed));
                await using (command.ConfigureAwait(false))
                {
                    var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                    await using (reader.ConfigureAwait(false))
                    {
                        var answers = new List<LeaseAnswer>(asked.Count);
                        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                        {
                            answers.Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetUtc(2), reader.GetUtc(3)));
                        }

                        return answers;
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);

        T[] Of<T>(Func<TierLeaseState, T> part) => [.. asked.Select(a => part(a.State))];
    }

    /// <summary>Removes leases of which nothing more is heard. One that is not removed costs some room for a time, and nothing else.</summary>
    public async Task RemoveAsync(IReadOnlyList<TierLeaseState> left, CancellationToken cancellationToken)
    {
        if (left.Count == 0)
        {
            return;
        }

        await database.UseAsync(
            async connection =>
            {
                return await connection.RunAsync(
                    """
                    DELETE FROM leases l USING unnest($2, $3, $4, $5) AS gone (tiers, client, limit_name, number)
                    WHERE l.process = $1 AND l.tiers = gone.tiers AND l.client = gone.client AND l.limit_name = gone.limit_name AND l.number = gone.number
                        AND (l.shape LIKE 'bucket %' OR l.shape = 'concurrency')
                    """,
                    cancellationToken,
                    _process,
                    left.Select(static s => s.Tiers).ToArray(),
                    left.Select(static s => s.Client.ToArray()).ToArray(),
                    left.Select(static s => s.Window).ToArray(),
                    left.Select(static s => s.Number).ToArray()).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes what this process has of buckets, whose levels say it all, and of slots that it does not use: nobody asks for that again.</summary>
    public async Task RemoveAllAsync(CancellationToken cancellationToken)
    {
        await database.UseAsync(
            async connection =>
            {
                return await connection.RunAsync(
                    "DELETE FROM leases WHERE process = $1 AND (shape LIKE 'bucket %' OR (shape = 'concurrency' AND used = 0))", cancellationToken, _process).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets what nobody may ask for any more since a moment, some of it.</summary>
    /// <returns>How much.</returns>
    public async Task<int> ForgetAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        return await database.UseAsync(
            async connection =>
            {
                // Of buckets and slots a gateway may have a lease for months, and have nothing to tell of it.
                var leases = await connection.RunAsync(
                    """
                    DELETE FROM leases WHERE ctid = ANY (ARRAY(
                        SELECT l.ctid FROM leases l
                        WHERE l.forget_at < $1 AND NOT ((l.shape LIKE 'bucket %' OR l.shape = 'concurrency')
                            AND EXISTS (SELECT FROM gateways g WHERE g.process = l.process AND g.seen_at >= now() - interval '1 day'))
                        LIMIT $2 FOR UPDATE OF l SKIP LOCKED))
                    """,
                    cancellationToken,
                    now.UtcDateTime,
                    most).ConfigureAwait(false);
                var quotas = await connection.RunAsync(
                    """
                    DELETE FROM quotas WHERE ctid = ANY (ARRAY(
                        SELECT q.ctid FROM quotas q
                        WHERE q.forget_at < $1 AND NOT EXISTS (
                            SELECT FROM leases l WHERE l.tiers = q.tiers AND l.client = q.client AND l.limit_name = q.limit_name AND l.shape = q.shape)
                        LIMIT $2 FOR UPDATE OF q SKIP LOCKED))
                    """,
                    cancellationToken,
                    now.UtcDateTime,
                    most).ConfigureAwait(false);
                await connection.RunAsync(
                    "DELETE FROM gateways WHERE seen_at < now() - interval '60 days'", cancellationToken).ConfigureAwait(false);
                return Math.Max(leases, quotas);
            },
            cancellationToken).ConfigureAwait(false);
    }
}
