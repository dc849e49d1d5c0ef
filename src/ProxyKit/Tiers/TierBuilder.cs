using System.Threading.RateLimiting;
using ProxyKit.Tiers;

namespace ProxyKit;

/// <summary>Says what the clients of a tier may have. Each limit may be told more of than its verb says: see <see cref="TierLimitOptions"/>.</summary>
public sealed class TierBuilder
{
    private readonly TierOptions _options;

    internal TierBuilder(TierOptions options) => _options = options;

    /// <summary>Limits what fits into each piece of time of a length.</summary>
    /// <param name="units">How many units.</param>
    /// <param name="window">The length.</param>
    /// <param name="configure">Says more.</param>
    /// <returns>This builder.</returns>
    public TierBuilder Limit(long units, TimeSpan window, Action<TierLimitOptions>? configure = null) =>
        Add(new TierLimitOptions { Kind = TierLimitKind.Fixed, Limit = units, Window = window }, configure);

    /// <summary>Limits what fits into any piece of time of a length, wherever it begins.</summary>
    /// <param name="units">How many units.</param>
    /// <param name="window">The length.</param>
    /// <param name="configure">Says more.</param>
    /// <returns>This builder.</returns>
    public TierBuilder SlidingLimit(long units, TimeSpan window, Action<TierLimitOptions>? configure = null) =>
        Add(new TierLimitOptions { Kind = TierLimitKind.Sliding, Limit = units, Window = window }, configure);

    /// <summary>Has units come back at an even pace, of which some can be saved up.</summary>
    /// <param name="capacity">How many can be saved up.</param>
    /// <param name="refill">How many come back.</param>
    /// <param name="every">In what time.</param>
    /// <param name="configure">Says more.</param>
    /// <returns>This builder.</returns>
    public TierBuilder TokenBucket(long capacity, long refill, TimeSpan every, Action<TierLimitOptions>? configure = null) =>
        Add(new TierLimitOptions { Kind = TierLimitKind.Bucket, Limit = capacity, Refill = refill, Window = every }, configure);

    /// <summary>Limits what is used in a period of the calendar.</summary>
    /// <param name="units">How many units.</param>
    /// <param name="period">The period.</param>
    /// <param name="configure">Says more: an anchor, a time zone.</param>
    /// <returns>This builder.</returns>
    public TierBuilder Quota(long units, QuotaPeriod period, Action<TierLimitOptions>? configure = null) =>
        Add(new TierLimitOptions { Kind = TierLimitKind.Quota, Limit = units, Period = period }, configure);

    /// <summary>Limits how many requests of a client are under way at once.</summary>
    /// <param name="requests">How many.</param>
    /// <param name="configure">Says more.</param>
    /// <returns>This builder.</returns>
    public TierBuilder Concurrency(long requests, Action<TierLimitOptions>? configure = null) =>
        Add(new TierLimitOptions { Kind = TierLimitKind.Concurrency, Limit = requests }, configure);

    /// <summary>Has a limiter of one's own judge the requests of each client too. See <see cref="TierLimitOptions.CreateLimiter"/>.</summary>
    /// <param name="create">Makes the limiter of a client, by its key.</param>
    /// <param name="configure">Says more.</param>
    /// <returns>This builder.</returns>
    public TierBuilder Limiter(Func<string, RateLimiter> create, Action<TierLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(new TierLimitOptions { Kind = TierLimitKind.Own, CreateLimiter = create }, configure);
    }

    /// <summary>Sets where requests of the tier stand in a queue.</summary>
    /// <param name="value">Lower runs first.</param>
    /// <returns>This builder.</returns>
    public TierBuilder QueuePriority(int? value) => Set(o => o.QueuePriority = value);

    /// <summary>Sets how long requests of the tier wait in a queue.</summary>
    /// <param name="limit">The limit; null for the backend's.</param>
    /// <returns>This builder.</returns>
    public TierBuilder QueueTimeout(TimeSpan? limit) => Set(o => o.QueueTimeout = limit);

    /// <summary>Sets how long a server may take over requests of the tier.</summary>
    /// <param name="limit">The limit; null for the backend's.</param>
    /// <returns>This builder.</returns>
    public TierBuilder ServerTimeout(TimeSpan? limit) => Set(o => o.ServerTimeout = limit);

    /// <summary>Names servers that requests of the tier go to as long as one of them has room. See <see cref="TierOptions.PreferredServers"/>.</summary>
    /// <param name="names">Their names, in whichever backend the requests are for.</param>
    /// <returns>This builder.</returns>
    public TierBuilder PreferServers(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Set(o =>
        {
            foreach (var name in names)
            {
                o.PreferredServers.Add(name);
            }
        });
    }

    private TierBuilder Add(TierLimitOptions limit, Action<TierLimitOptions>? configure)
    {
        configure?.Invoke(limit);
        return Set(o => o.Limits.Add(limit));
    }

    private TierBuilder Set(Action<TierOptions> change)
    {
        change(_options);
        return this;
    }
}
