using System.Globalization;
using ProxyKit.Rules.Expressions;
using ProxyKit.Tiers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The limits of tiers: <c>limit gold 100 per 1s</c>. Each names a tier that stands above it.</summary>
internal static class TierLimitLines
{
    private static readonly string[] Parameters = ["name", "soft", "requests", "segments", "anchor", "zone", "length"];

    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("limit", Section.Tiers, "<tier> <units> per <time> [<param> ...]", static s => Window(s, TierLimitKind.Fixed)),
        Keyword.Runs("sliding-limit", Section.Tiers, "<tier> <units> per <time> [<param> ...]", static s => Window(s, TierLimitKind.Sliding)),
        Keyword.Runs("token-bucket", Section.Tiers, "<tier> <units> refill <units> per <time> [<param> ...]", Bucket),
        Keyword.Runs("quota", Section.Tiers, "<tier> <units> per {day|week|month} [<param> ...]", Quota),
        Keyword.Runs("concurrency", Section.Tiers, "<tier> <requests> [<param> ...]", static s =>
        {
            if (TryUnits(s, 1, out var most))
            {
                Add(s, new TierLimitOptions { Kind = TierLimitKind.Concurrency, Limit = most }, 2);
            }
        }),
    ];

    private static void Window(Statement s, TierLimitKind kind)
    {
        if (TryUnits(s, 1, out var units) && Expects(s, 2, "per") && s.TryTime(3, out var window))
        {
            Add(s, new TierLimitOptions { Kind = kind, Limit = units, Window = window }, 4);
        }
    }

    private static void Bucket(Statement s)
    {
        if (TryUnits(s, 1, out var units) && Expects(s, 2, "refill") && TryUnits(s, 3, out var refill) && Expects(s, 4, "per") && s.TryTime(5, out var every))
        {
            Add(s, new TierLimitOptions { Kind = TierLimitKind.Bucket, Limit = units, Refill = refill, Window = every }, 6);
        }
    }

    private static void Quota(Statement s)
    {
        if (TryUnits(s, 1, out var units) && Expects(s, 2, "per")
            && s.TryChoice(3, out var period, ("day", QuotaPeriod.Day), ("week", QuotaPeriod.Week), ("month", QuotaPeriod.Month)))
        {
            Add(s, new TierLimitOptions { Kind = TierLimitKind.Quota, Limit = units, Period = period }, 4);
        }
    }

    private static void Add(Statement s, TierLimitOptions limit, int index)
    {
        var tiers = TiersKeywords.SectionOf(s).Options.Tiers;
        if (tiers.FirstOrDefault(t => t.Name == s[0]) is not { } tier)
        {
            s.Alert(0, $"'{s.Name}' : there is no tier '{s[0]}' above it{NearestName.Hint(s[0], tiers.Select(static t => t.Name))}.");
            return;
        }

        var said = new HashSet<string>(StringComparer.Ordinal);
        while (index < s.Count)
        {
            if (!said.Add(s[index]))
            {
                s.Alert(index, $"'{s.Name}' : '{s[index]}' is there twice.");
                return;
            }

            if (s[index] == "requests")
            {
                limit.CountsRequests = true;
                index++;
            }
            else if (index + 1 == s.Count || !TryParameter(s, index, limit))
            {
                Unknown(s, index);
                return;
            }
            else
            {
                index += 2;
            }
        }

        tier.Limits.Add(limit);
    }

    /// <summary>Says what is wrong with a parameter, unless that was said.</summary>
    private static void Unknown(Statement s, int index)
    {
        if (!Parameters.Contains(s[index]))
        {
            s.Alert(index, $"'{s.Name}' : unknown parameter '{s[index]}'{NearestName.Hint(s[index], Parameters)}.");
        }
        else if (index + 1 == s.Count)
        {
            s.Alert(index, $"'{s.Name}' : '{s[index]}' expects a value.");
        }
    }

    private static bool TryParameter(Statement s, int index, TierLimitOptions limit)
    {
        switch (s[index])
        {
            case "name":
                limit.Name = s[index + 1];
                return true;
            case "soft" when TryUnits(s, index + 1, out var units):
                limit.SoftLimit = units;
                return true;
            case "segments" when limit.Kind == TierLimitKind.Sliding && s.TryInteger(index + 1, 1, 60, out var segments):
                limit.Segments = segments;
                return true;
            case "length" when limit.Kind == TierLimitKind.Quota && s.TryInteger(index + 1, 1, 366, out var length):
                limit.PeriodLength = length;
                return true;
            case "anchor" when limit.Kind == TierLimitKind.Quota:
                if (DateOnly.TryParseExact(s[index + 1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                {
                    limit.Anchor = day;
                    return true;
                }

                s.Alert(index + 1, $"'{s.Name}' : 'anchor' expects a day, as in 2026-01-15 (got '{s[index + 1]}').");
                return false;
            case "zone" when limit.Kind == TierLimitKind.Quota:
                if (TimeZoneInfo.TryFindSystemTimeZoneById(s[index + 1], out var zone))
                {
                    limit.TimeZone = zone;
                    return true;
                }

                s.Alert(index + 1, $"'{s.Name}' : there is no time zone '{s[index + 1]}'.");
                return false;
            case "segments" when limit.Kind != TierLimitKind.Sliding:
            case "length" or "anchor" or "zone" when limit.Kind != TierLimitKind.Quota:
                s.Alert(index, $"'{s.Name}' : '{s[index]}' is for {(s[index] == "segments" ? "'sliding-limit'" : "'quota'")} alone.");
                return false;
            default:
                return false;
        }
    }

    private static bool Expects(Statement s, int index, string word)
    {
        if (s[index] == word)
        {
            return true;
        }

        s.Alert(index, $"'{s.Name}' expects '{word}' (got '{s[index]}').");
        return false;
    }

    private static bool TryUnits(Statement s, int index, out long units)
    {
        if (long.TryParse(s[index], NumberStyles.None, CultureInfo.InvariantCulture, out units))
        {
            return true;
        }

        s.Alert(index, $"'{s.Name}' expects a number of units (got '{s[index]}').");
        return false;
    }
}
