using System.Threading.RateLimiting;

namespace ProxyKit.Tiers;

/// <summary>One limit of a tier. All limits of a tier are judged together: what one of them refuses counts in none.</summary>
/// <remarks>A limit is known by its <see cref="Name"/> and by how it counts. Limits of several tiers that are alike in both share what they count
/// of a client, so that one that changes its tier keeps what it has used.</remarks>
public sealed class TierLimitOptions
{
    /// <summary>How it counts.</summary>
    public required TierLimitKind Kind { get; init; }

    /// <summary>What clients, logs and answers call it: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 40.</summary>
    /// <value>Null by default: <c>second</c>, <c>minute</c>, <c>hour</c> or <c>10s</c> by its window, <c>day</c>, <c>week</c> or <c>month</c> by its
    /// period, <c>burst</c> for a bucket, <c>concurrency</c>.</value>
    public string? Name { get; set; }

    /// <summary>How many units fit: what a request costs is <see cref="TiersOptions.Costs"/>. Of a bucket, how many can be saved up.</summary>
    /// <value>0 to 1,000,000,000,000. Null, the default, refuses nothing, and only counts.</value>
    public long? Limit { get; set; }

    /// <summary>Beyond how many units the response warns the client, who is served all the same up to <see cref="Limit"/>.</summary>
    /// <value>Null by default: it is not warned.</value>
    public long? SoftLimit { get; set; }

    /// <summary>Whether each request counts as one here, whatever it costs elsewhere. <see cref="TierLimitKind.Concurrency"/> always does.</summary>
    public bool CountsRequests { get; set; }

    /// <summary>How long a fixed or sliding window is; of a bucket, in what time <see cref="Refill"/> comes back.</summary>
    /// <value>1 minute by default; 100 ms to 31 days.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Into how many pieces a sliding window is cut: what was counted comes back at most one such piece late. Each is eight bytes of every
    /// client.</summary>
    /// <value>6 by default; 1 to 60.</value>
    public int Segments { get; set; } = 6;

    /// <summary>How many units come back to a bucket in <see cref="Window"/>.</summary>
    /// <value>1 by default; 1 or more.</value>
    public long Refill { get; set; } = 1;

    /// <summary>Of what a quota's period is made.</summary>
    public QuotaPeriod Period { get; set; } = QuotaPeriod.Month;

    /// <summary>Of how many of them: 3 months make a quarter.</summary>
    /// <value>1 by default; 1 to 366.</value>
    public int PeriodLength { get; set; } = 1;

    /// <summary>The first day of one of a quota's periods, by which the others are found: the day of a month on which it is billed, the day of the week.
    /// Where a month does not have the day, the period begins on its last one.</summary>
    /// <value>Null by default: Mondays, and the first of months.</value>
    public DateOnly? Anchor { get; set; }

    /// <summary>Whose midnight a quota's periods begin at.</summary>
    /// <value>UTC by default.</value>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>Makes the limiter of a client where <see cref="Kind"/> is <see cref="TierLimitKind.Own"/>, when a request of the client's comes first. It is
    /// asked last, for as many permits as the request costs, and may keep the request waiting; its lease is disposed of when the request
    /// ends. A request that costs more than it ever gives is refused. What a limiter has given and its lease does not give back is lost where another one behind it refuses.</summary>
    public Func<string, RateLimiter>? CreateLimiter { get; set; }

    /// <summary>How long a limiter made by <see cref="CreateLimiter"/> is kept without a request of the client's.</summary>
    /// <value>10 minutes by default; a second to 31 days.</value>
    public TimeSpan KeepLimiterFor { get; set; } = TimeSpan.FromMinutes(10);
}
