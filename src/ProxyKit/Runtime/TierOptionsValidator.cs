using ProxyKit.Frontends;
using ProxyKit.Rules.Expressions;
using ProxyKit.Tiers;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with groups of tiers, and with frontends' use of them.</summary>
internal static class TierOptionsValidator
{
    private const int LowestPriority = 2047;
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(31);

    public static void Validate(TiersOptions options, FaultPath path)
    {
        path.CheckName(options.Name);
        path.CheckDefined(nameof(options.MissingKey), options.MissingKey);
        if (options.CountBy.Count == 0)
        {
            path.Add(nameof(options.CountBy), "there is none, so nobody could be told from anybody else");
        }

        foreach (var _ in path.Elements(nameof(options.CountBy), options.CountBy).Concat(path.Elements(nameof(options.TierBy), options.TierBy)))
        {
            // only those that are null are of interest
        }

        if (options.TierBy.Count == 0 && options.Source is null && options.DefaultTier is null)
        {
            path.Add(nameof(options.TierBy), $"nothing tells a client's tier: neither this nor {nameof(options.Source)} nor {nameof(options.DefaultTier)}");
        }

        if (options.Tiers.Count == 0)
        {
            path.Add(nameof(options.Tiers), "there is none");
        }

        foreach (var (tier, position) in path.Elements(nameof(options.Tiers), options.Tiers))
        {
            Validate(tier, path.In("tier", tier.Name, position));
        }

        path.CheckUnique(nameof(options.Tiers), options.Tiers.Select(static t => t?.Name));
        if (options.DefaultTier is { } name && options.Tiers.All(t => t?.Name != name))
        {
            path.Add(nameof(options.DefaultTier), $"there is no tier {FaultPath.Quote(name)}{Suggestion(name, options.Tiers.Select(static t => t?.Name))}");
        }

        CheckSpan(nameof(options.SourceCacheTime), options.SourceCacheTime, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), path);
        CheckSpan(nameof(options.SourceTimeout), options.SourceTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), path);
        path.CheckRange(nameof(options.SourceCacheSize), options.SourceCacheSize, 1, 10_000_000);
        path.CheckRange(nameof(options.MaxClients), options.MaxClients, 1, 100_000_000);
        foreach (var (cost, position) in path.Elements(nameof(options.Costs), options.Costs))
        {
            CheckUnits(nameof(cost.Units), cost.Units, path.In("cost", null, position));
        }

        if (options.QuotaFolder is { } folder && (folder.Length == 0 || folder.Contains('\0', StringComparison.Ordinal)))
        {
            path.Add(nameof(options.QuotaFolder), $"{FaultPath.Quote(folder)} is no folder");
        }

        if (options.QuotaFolder is not null && options.QuotaStore is not null)
        {
            path.Add(nameof(options.QuotaStore), $"what is used is kept in one place: not also in {nameof(options.QuotaFolder)}");
        }

        if ((options.QuotaFolder ?? (object?)options.QuotaStore) is not null && options.Leases is not null)
        {
            path.Add(nameof(options.Leases), "keep what is used already, and would count it again after a restart");
        }

        if (options.WarningHeader is { } header && (header.Length == 0 || !header.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            path.Add(nameof(options.WarningHeader), $"{FaultPath.Quote(header)} is no name of a header field");
        }
    }

    /// <summary>A frontend's use of tiers.</summary>
    public static void Validate(FrontendOptions options, IEnumerable<string> groups, FaultPath path)
    {
        if (options.Tiers is { } name)
        {
            if (!groups.Contains(name, StringComparer.Ordinal))
            {
                path.Add(nameof(options.Tiers), $"there are no tiers {FaultPath.Quote(name)}{Suggestion(name, groups)}");
            }
            else if (options.Mode != ProxyMode.Http)
            {
                path.Add(nameof(options.Tiers), "are for HTTP only");
            }
        }
        else
        {
            CheckUse(nameof(options.TiersUnless), options.TiersUnless, path);
            CheckUse(nameof(options.UsagePath), options.UsagePath, path);
        }

        if (options.UsagePath is { } usage && !usage.StartsWith('/'))
        {
            path.Add(nameof(options.UsagePath), $"{FaultPath.Quote(usage)} does not begin with a slash");
        }
    }

    /// <summary>What a group says of servers.</summary>
    public static void ValidateServers(TiersOptions options, IReadOnlyCollection<string> servers, FaultPath path)
    {
        foreach (var (index, tier) in options.Tiers.Index())
        {
            foreach (var name in tier?.PreferredServers.Select(static n => n ?? "").Where(n => !servers.Contains(n, StringComparer.Ordinal)) ?? [])
            {
                path.In("tier", tier!.Name, index + 1).Add( // it has such names, so there is one
                    nameof(tier.PreferredServers), $"no backend has a server {FaultPath.Quote(name)}{Suggestion(name, servers)}");
            }
        }
    }

    private static void CheckUse(string property, object? value, FaultPath path)
    {
        if (value is not null)
        {
            path.Add(property, $"means nothing without {nameof(FrontendOptions.Tiers)}");
        }
    }

    private static void Validate(TierOptions options, FaultPath path)
    {
        path.CheckName(options.Name);
        if (options.Name?.IndexOfAny([',', '"', '[', ']']) >= 0)
        {
            path.Add(nameof(options.Name), $"{FaultPath.Quote(options.Name)} has a comma, a quote or a bracket in it, where words end");
        }

        path.CheckRange(nameof(options.QueuePriority), options.QueuePriority, -LowestPriority, LowestPriority);
        path.CheckLimit(nameof(options.QueueTimeout), options.QueueTimeout);
        path.CheckLimit(nameof(options.ServerTimeout), options.ServerTimeout);
        if (options.Limits.Count > TierPlan.MostWindows)
        {
            path.Add(nameof(options.Limits), $"{options.Limits.Count} are too many (at most {TierPlan.MostWindows})");
        }

        foreach (var (limit, position) in path.Elements(nameof(options.Limits), options.Limits))
        {
            Validate(limit, path.In("limit", WindowNames.Of(limit), position));
        }

        path.CheckUnique(nameof(options.Limits), options.Limits.Where(static l => l is not null).Select(WindowNames.Of));
    }

    private static void Validate(TierLimitOptions options, FaultPath path)
    {
        path.CheckDefined(nameof(options.Kind), options.Kind);
        if (options.Name is { } name && !WindowNames.IsName(name))
        {
            path.Add(nameof(options.Name), $"{FaultPath.Quote(name)} is none (1 to {RateLimitFields.MostName} letters, digits, '-', '_' and '.')");
        }

        CheckUnits(nameof(options.Limit), options.Limit, path);
        CheckUnits(nameof(options.SoftLimit), options.SoftLimit, path);
        if (options.SoftLimit > options.Limit)
        {
            path.Add(nameof(options.SoftLimit), $"{options.SoftLimit} is above the limit of {options.Limit}, where nobody comes");
        }

        if (options.Kind is TierLimitKind.Fixed or TierLimitKind.Sliding or TierLimitKind.Bucket)
        {
            CheckSpan(nameof(options.Window), options.Window, ShortestWindow, LongestWindow, path);
        }

        switch (options.Kind)
        {
            case TierLimitKind.Sliding:
                path.CheckRange(nameof(options.Segments), options.Segments, 1, ClientTable.MostSegments);
                break;
            case TierLimitKind.Bucket:
                ValidateBucket(options, path);
                break;
            case TierLimitKind.Quota:
                path.CheckDefined(nameof(options.Period), options.Period);
                path.CheckRange(nameof(options.PeriodLength), options.PeriodLength, 1, 366);
                if (options.Anchor is { Year: < 1900 or > 2200 } anchor)
                {
                    path.Add(nameof(options.Anchor), $"{anchor:yyyy-MM-dd} is out of range (1900-01-01 to 2200-12-31)");
                }

                if (options.TimeZone is null)
                {
                    path.Add(nameof(options.TimeZone), "is null");
                }

                break;
            case TierLimitKind.Own:
                CheckSpan(nameof(options.KeepLimiterFor), options.KeepLimiterFor, TimeSpan.FromSeconds(1), LongestWindow, path);
                if (options.CreateLimiter is null)
                {
                    path.Add(nameof(options.CreateLimiter), "is null, so there would be no limiter");
                }

                break;
        }
    }

    private static void ValidateBucket(TierLimitOptions options, FaultPath path)
    {
        if (options.Refill is < 1 or > TierUnits.Most)
        {
            path.Add(nameof(options.Refill), $"{options.Refill} is out of range (1-{TierUnits.Most})");
        }

        // What a bucket lacks is kept in units times milliseconds.
        if (options.Limit is null)
        {
            path.Add(nameof(options.Limit), "a bucket needs one");
        }
        else if (options.Limit * (Int128)options.Window.TotalMilliseconds > long.MaxValue / 8)
        {
            path.Add(nameof(options.Limit), $"{options.Limit} units that come back over {options.Window} are more than a bucket can count");
        }
    }

    private static void CheckUnits(string property, long? units, FaultPath path)
    {
        if (units is < 0 or > TierUnits.Most)
        {
            path.Add(property, $"{units} is out of range (0-{TierUnits.Most})");
        }
    }

    private static void CheckSpan(string property, TimeSpan value, TimeSpan least, TimeSpan most, FaultPath path)
    {
        if (value < least || value > most)
        {
            path.Add(property, $"{value} is out of range ({least} to {most})");
        }
    }

    private static string Suggestion(string name, IEnumerable<string?> known) =>
        NearestName.Of(name, known.OfType<string>()) is { } nearest ? $"; did you mean {FaultPath.Quote(nearest)}?" : "";
}
