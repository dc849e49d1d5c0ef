namespace ProxyKit.Tiers;

/// <summary>Tells the tiers of clients, from a database or a service of the user's. What it says is kept for
/// <see cref="TiersOptions.SourceCacheTime"/>.</summary>
public interface ITierSource
{
    /// <summary>Finds a client's tier. Several clients are asked about at once; of one client, one request at a time asks.</summary>
    /// <param name="query">The client.</param>
    /// <param name="cancellationToken">Ends the search after <see cref="TiersOptions.SourceTimeout"/>.</param>
    /// <returns>The tier; null for a client that has none. What it throws leaves the client what it had before; one that had nothing gets the tier
    /// that was set for it (<see cref="TierGroup.SetOverride"/>) or the default tier, else a 503.</returns>
    ValueTask<TierAssignment?> FindAsync(TierQuery query, CancellationToken cancellationToken);
}

/// <summary>Whose tier is wanted.</summary>
/// <param name="Client">The client's key.</param>
/// <param name="Claimed">What <see cref="TiersOptions.TierBy"/> had to say; null where that is nothing.</param>
public readonly record struct TierQuery(string Client, string? Claimed);

/// <summary>What a source knows of a client.</summary>
/// <param name="Tier">Its tier.</param>
public sealed record TierAssignment(string Tier)
{
    /// <summary>Limits of its own, by the names of windows.</summary>
    public IReadOnlyDictionary<string, long> Limits { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = new Dictionary<string, long>();

    /// <summary>The first day of one of its billing periods, for quotas of weeks and months.</summary>
    /// <value>Null by default: as the tier has it.</value>
    public DateOnly? Anchor { get; init; }
}
