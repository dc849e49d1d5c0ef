namespace ProxyKit.Tiers;

/// <summary>With whom a window is shared.</summary>
/// <param name="Leases">What gateways have in common.</param>
/// <param name="Group">The group of tiers.</param>
/// <param name="Clients">The clients of this gateway.</param>
internal sealed record WindowShare(TierLeases Leases, string Group, ClientTable Clients)
{
    /// <summary>Shorter windows are over before leasing is worth anything.</summary>
    private const long LeastPeriod = 60_000;

    /// <summary>Whether a counter can be shared.</summary>
    public static bool IsFor(CounterShape shape) => shape.Kind switch
    {
        TierLimitKind.Fixed or TierLimitKind.Sliding => shape.Period >= LeastPeriod,
        TierLimitKind.Own => false,
        _ => true,
    };
}
