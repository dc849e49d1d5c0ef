namespace ProxyKit.Tiers;

/// <summary>With whom a window is shared.</summary>
/// <param name="Leases">What gateways have in common.</param>
/// <param name="Group">The group of tiers.</param>
/// <param name="Clients">The clients of this gateway.</param>
internal sealed record WindowShare(TierLeases Leases, string Group, ClientTable Clients)
{
    /// <summary>Shorter windows are over before leasing is worth anything, and others are no count of one period.</summary>
    private const long LeastPeriod = 60_000;

    /// <summary>Whether a counter can be shared.</summary>
    public static bool IsFor(CounterShape shape) =>
        shape.Kind == TierLimitKind.Quota || (shape.Kind == TierLimitKind.Fixed && shape.Period >= LeastPeriod);
}
