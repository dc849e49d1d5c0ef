using ProxyKit.Backends;

namespace ProxyKit.Resilience;

/// <summary>When a request that is slow to be answered is sent to another server too, and the first answer counts. Of requests that may be sent twice alone: those
/// whose method is idempotent, that no rule wants sent once, that are bound to no server, and whose body, if any, is at hand.</summary>
public sealed class HedgeOptions
{
    /// <summary>How long an attempt may be without an answer before the next one joins it, from when its server was chosen.</summary>
    /// <value>1 second by default; more than 0, at most 24.8 days. The time that nineteen of twenty requests stay within is usual.</value>
    public TimeSpan After { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many servers may work on one request at a time, the first included.</summary>
    /// <value>2 by default; 2 to 5.</value>
    public int MaxAttempts { get; set; } = 2;

    /// <summary>The part of the backend's requests under way that may have further attempts under way, retries counted too, so that a backend that is slow
    /// under its load does not get more of it. As many as <see cref="BackendOptions.RetryBudgetFloor"/> are allowed in any case, and
    /// <see cref="BackendOptions.RetryBudget"/> holds besides.</summary>
    /// <value>0.1 by default; above 0, up to 1.</value>
    public double MaxShare { get; set; } = 0.1;
}
