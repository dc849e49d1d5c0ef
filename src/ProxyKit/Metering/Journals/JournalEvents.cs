namespace ProxyKit.Metering.Journals;

/// <summary>Events of a journal, in the order in which they were written.</summary>
/// <param name="Recorded">The proxy's own, which come once.</param>
/// <param name="HandedIn">Those that somebody handed in under ids of their own: the same may have been handed in elsewhere too.</param>
/// <param name="Next">Where to go on behind them.</param>
/// <param name="MissingSegments">How many segments between the place that was asked for and the first of these are single events no more.</param>
public sealed record JournalEvents(
    IReadOnlyList<UsageEvent> Recorded, IReadOnlyList<UsageEvent> HandedIn, JournalPosition Next, long MissingSegments)
{
    /// <summary>The places before <see cref="Next"/> that cannot be read: what was used there is not among these events, nor will it be.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<JournalDamage> Damage { get; init; } = [];
}
