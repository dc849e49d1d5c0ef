namespace ProxyKit.Tiers;

/// <summary>Keeps what clients have used of their quotas over restarts of a gateway. A folder does so where <see cref="TiersOptions.QuotaFolder"/> names one; one's
/// own may do so elsewhere. Never called while a request waits, and by one caller at a time for each group of tiers.</summary>
public interface IQuotaStore
{
    /// <summary>Reads what is kept, before clients come.</summary>
    /// <param name="tiers">The group of tiers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The counts. Of several of one client, window and period the last one counts; periods that are over may be left out.</returns>
    ValueTask<IReadOnlyList<QuotaCount>> ReadAsync(string tiers, CancellationToken cancellationToken);

    /// <summary>Keeps what has changed: called twice a second where anything has, and at a stop. What could not be kept, since this has thrown, comes again.</summary>
    /// <param name="tiers">The group of tiers.</param>
    /// <param name="changed">The counts, whole; each takes the place of what was kept for its client, window and period. One whose
    /// <see cref="QuotaCount.EndsAt"/> is over has been reset.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When they are safe.</returns>
    ValueTask WriteAsync(string tiers, IReadOnlyList<QuotaCount> changed, CancellationToken cancellationToken);
}
