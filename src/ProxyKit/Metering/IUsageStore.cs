namespace ProxyKit.Metering;

/// <summary>Keeps usage events. <see cref="Journals.UsageJournal"/> does so in files; one's own may do so elsewhere.</summary>
public interface IUsageStore
{
    /// <summary>Keeps events. Called again with the same events after it has thrown, so an event whose id is known must not count again.</summary>
    /// <param name="events">The events, in no order.</param>
    /// <param name="cancellationToken">Gives up; what was written by then may stay.</param>
    /// <returns>When they are safe, whatever happens to the process.</returns>
    ValueTask WriteAsync(IReadOnlyList<UsageEvent> events, CancellationToken cancellationToken = default);

    /// <summary>Adds up what was used.</summary>
    /// <param name="query">What is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The totals, ordered by time, client, tier and meter.</returns>
    ValueTask<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query, CancellationToken cancellationToken = default);
}
