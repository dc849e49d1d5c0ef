namespace ProxyKit.Tiers;

/// <summary>What is counted.</summary>
internal static class TierUnits
{
    /// <summary>How many there may be of a limit or a cost: far from where sums of them would not fit into 64 bits.</summary>
    public const long Most = 1_000_000_000_000;

    /// <summary>A cost that somebody worked out, within what can be counted.</summary>
    public static long Clamp(long units) => Math.Clamp(units, 0, Most);
}
