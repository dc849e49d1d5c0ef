using System.Text;

namespace ProxyKit.Tiers;

/// <summary>A tier as admissions are judged by it: its windows, and what it means for the queue. Immutable; other limits are another plan.</summary>
internal sealed class TierPlan
{
    /// <summary>How many windows a tier has at most: what an exchange keeps of each lies in place.</summary>
    public const int MostWindows = 8;

    public TierPlan(string name, CounterLayout layout, IEnumerable<Window> windows)
    {
        Name = name;
        Layout = layout;
        Windows = [.. windows.Select(w => w with { Offset = layout.Find(w.Shape) })];
        OwnLimiters = Windows.Count(static w => w.Shape.Kind == TierLimitKind.Own);
        CountsPresent = Windows.Any(static w => w.Shape.Kind == TierLimitKind.Concurrency);
        Policy = Encoding.ASCII.GetBytes(RateLimitFields.PolicyOf(Windows));
    }

    public string Name { get; }

    public CounterLayout Layout { get; }

    public Window[] Windows { get; }

    /// <summary>How many of the windows are limiters of the user's.</summary>
    public int OwnLimiters { get; }

    /// <summary>Whether one of the windows is for requests under way, so that each that ends counts.</summary>
    public bool CountsPresent { get; }

    /// <summary>The value of the field <c>RateLimit-Policy</c>.</summary>
    public byte[] Policy { get; }

    /// <summary>Lower runs first in a queue; null leaves it to the rules.</summary>
    public int? QueuePriority { get; init; }

    /// <summary>How long a request waits in a queue; null for as long as the backend says.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>How long a server may take; null for as long as the backend says.</summary>
    public TimeSpan? ServerTimeout { get; init; }

    /// <summary>The servers that have its requests as long as one of them has room; null where all are alike.</summary>
    public string[]? PreferredServers { get; init; }

    /// <summary>The same tier with other limits of some windows, by their names.</summary>
    public TierPlan With(IReadOnlyDictionary<string, long> limits) => limits.Count == 0 ? this : With(w =>
        limits.TryGetValue(w.Name, out var limit) ? w with { Limit = Math.Clamp(limit, 0, w.MostLimit) } : w);

    /// <summary>The same tier with quotas of months and weeks that begin on another day.</summary>
    public TierPlan With(DateOnly anchor) => With(w => w.Calendar is { } calendar
        ? w with { Calendar = new QuotaCalendar(calendar.Period, calendar.Length, anchor, calendar.Zone) }
        : w);

    private TierPlan With(Func<Window, Window> change) => new(Name, Layout, Windows.Select(change))
    {
        QueuePriority = QueuePriority,
        QueueTimeout = QueueTimeout,
        ServerTimeout = ServerTimeout,
        PreferredServers = PreferredServers,
    };
}
