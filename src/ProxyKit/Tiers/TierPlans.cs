using System.Text;

namespace ProxyKit.Tiers;

/// <summary>The tiers of one configuration, in its order, with the limits that were changed since.</summary>
internal sealed class TierPlans
{
    private readonly (byte[] Name, TierPlan Configured)[] _tiers;
    private volatile TierPlan[] _plans;

    /// <param name="options">What the tiers are.</param>
    /// <param name="version">The number of the configuration.</param>
    /// <param name="clients">Who is counted; null where nobody is.</param>
    public TierPlans(TiersOptions options, long version, ClientTable? clients = null)
    {
        var share = clients is not null && options.Leases is { } leases ? new WindowShare(leases, options.Name, clients) : null;
        var windows = options.Tiers.Select(t => t.Limits.Select(WindowOf).Select(w => WindowShare.IsFor(w.Shape) ? w with { Share = share } : w).ToArray()).ToArray();
        var layout = new CounterLayout(windows.SelectMany(static w => w).Select(static w => w.Shape), version);
        _tiers = [.. options.Tiers.Zip(windows, (tier, own) => (Encoding.UTF8.GetBytes(tier.Name), new TierPlan(tier.Name, layout, own)
        {
            QueuePriority = tier.QueuePriority,
            QueueTimeout = tier.QueueTimeout,
            ServerTimeout = tier.ServerTimeout,
            PreferredServers = tier.PreferredServers.Count > 0 ? [.. tier.PreferredServers] : null,
        }))];
        _plans = [.. _tiers.Select(static t => t.Configured)];
        Layout = layout;
        DefaultName = options.DefaultTier;
    }

    public CounterLayout Layout { get; }

    public TierPlan[] All => _plans;

    /// <summary>The tier of those who have none of these; null where they are refused.</summary>
    public TierPlan? Default => DefaultName is null ? null : Find(DefaultName);

    private string? DefaultName { get; }

    /// <summary>The tier of a name.</summary>
    public TierPlan? Find(string name)
    {
        foreach (var plan in _plans)
        {
            if (plan.Name == name)
            {
                return plan;
            }
        }

        return null;
    }

    /// <summary>The first of the tiers that a text names by one of its words.</summary>
    public TierPlan? FindIn(ReadOnlySpan<byte> text)
    {
        var plans = _plans;
        for (var i = 0; i < _tiers.Length; i++)
        {
            if (HasWord(text, _tiers[i].Name))
            {
                return plans[i];
            }
        }

        return null;
    }

    /// <summary>Puts other limits in the place of the configured ones.</summary>
    public void Change(IReadOnlyDictionary<(string Tier, string Window), long> limits) => _plans = [.. _tiers.Select(t => t.Configured.With(
        limits.Where(l => l.Key.Tier == t.Configured.Name).ToDictionary(static l => l.Key.Window, static l => l.Value, StringComparer.Ordinal)))];

    /// <summary>Words stand between blanks, as in a scope, or between commas, quotes and brackets, as in an array of JSON.</summary>
    private static bool HasWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var from = 0; from <= text.Length - word.Length;)
        {
            var at = text[from..].IndexOf(word);
            if (at < 0)
            {
                return false;
            }

            at += from;
            var end = at + word.Length;
            if ((at == 0 || IsBetweenWords(text[at - 1])) && (end == text.Length || IsBetweenWords(text[end])))
            {
                return true;
            }

            from = at + 1;
        }

        return false;
    }

    private static bool IsBetweenWords(byte b) => b is (byte)' ' or (byte)'\t' or (byte)',' or (byte)'"' or (byte)'[' or (byte)']';

    private static Window WindowOf(TierLimitOptions options)
    {
        var name = WindowNames.Of(options);
        var milliseconds = (long)options.Window.TotalMilliseconds;
        return new Window
        {
            Shape = options.Kind switch
            {
                TierLimitKind.Quota => CounterShape.OfQuota(name, options.Period, options.PeriodLength),
                TierLimitKind.Sliding => new CounterShape(options.Kind, name, milliseconds, options.Segments),
                TierLimitKind.Concurrency => new CounterShape(options.Kind, name, 0),
                TierLimitKind.Own => new CounterShape(options.Kind, name, (long)options.KeepLimiterFor.TotalMilliseconds),
                _ => new CounterShape(options.Kind, name, milliseconds),
            },
            Limit = options.Limit,
            SoftLimit = options.SoftLimit,
            CountsRequests = options.CountsRequests,
            Refill = options.Refill,
            Calendar = options.Kind == TierLimitKind.Quota
                ? new QuotaCalendar(options.Period, options.PeriodLength, options.Anchor ?? QuotaCalendar.DefaultAnchor, options.TimeZone)
                : null,
            CreateLimiter = options.CreateLimiter,
        };
    }
}
