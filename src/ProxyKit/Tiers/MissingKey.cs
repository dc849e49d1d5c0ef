namespace ProxyKit.Tiers;

/// <summary>What becomes of a request that has nothing to count by.</summary>
public enum MissingKey
{
    /// <summary>It is refused, with 403.</summary>
    Refuse,

    /// <summary>All such requests count as those of one client, whose key is empty.</summary>
    CountTogether,
}
