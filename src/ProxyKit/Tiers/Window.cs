using System.Threading.RateLimiting;

namespace ProxyKit.Tiers;

/// <summary>A limit of a tier, as admissions are judged by it. Immutable: another limit is another window of the same shape.</summary>
internal sealed record Window
{
    public required CounterShape Shape { get; init; }

    /// <summary>How many units fit; null where nothing is refused.</summary>
    public required long? Limit { get; init; }

    /// <summary>Beyond how many the client is warned; null for never.</summary>
    public long? SoftLimit { get; init; }

    /// <summary>Whether each request counts as one, whatever it costs.</summary>
    public bool CountsRequests { get; init; }

    /// <summary>What comes back to a bucket in one period.</summary>
    public long Refill { get; init; }

    /// <summary>The periods of a quota; null for others.</summary>
    public QuotaCalendar? Calendar { get; init; }

    /// <summary>Makes a client's limiter where the kind is <see cref="TierLimitKind.Own"/>.</summary>
    public Func<string, RateLimiter>? CreateLimiter { get; init; }

    /// <summary>With whom it is shared; null where this gateway counts alone.</summary>
    public WindowShare? Share { get; init; }

    /// <summary>Where its numbers lie in the layout of its plan.</summary>
    public int Offset { get; init; }

    public string Name => Shape.Name;

    /// <summary>The highest limit that it can count up to.</summary>
    public long MostLimit => Shape.Kind == TierLimitKind.Bucket ? long.MaxValue / 8 / Shape.Period : TierUnits.Most;

    /// <summary>The name as a string of a structured field.</summary>
    public byte[] QuotedName => field ??= System.Text.Encoding.ASCII.GetBytes($"\"{Name}\"");

    /// <summary>What a request of a cost takes here.</summary>
    public long CostOf(long units) => CountsRequests || Shape.Kind == TierLimitKind.Concurrency ? 1 : units;
}
