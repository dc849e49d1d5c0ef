namespace ProxyKit.Tiers;

/// <summary>How a limit stands for one client.</summary>
/// <param name="Name">The limit's name.</param>
/// <param name="Kind">How it counts.</param>
/// <param name="Limit">How many units fit; null for any number.</param>
/// <param name="Used">How many count now; may be more than the limit, where what requests have cost was known too late.</param>
/// <param name="ResetsAt">When its window is over: of a bucket, when it is full again; of a sliding window, when the oldest count comes back. Null
/// where there is no window.</param>
public sealed record TierLimitState(string Name, TierLimitKind Kind, long? Limit, long Used, DateTimeOffset? ResetsAt)
{
    /// <summary>How many units are left; null for any number.</summary>
    public long? Remaining => Limit is { } limit ? Math.Max(0, limit - Used) : null;
}
