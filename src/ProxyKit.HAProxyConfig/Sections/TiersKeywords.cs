using System.Globalization;
using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Tiers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Tiers, which HAProxy has no words for: these are ProxyKit's own. What they mean is what the options of the same names do.</summary>
internal static class TiersKeywords
{
    private const string Own = "ProxyKit's own";

    public static IEnumerable<Keyword> All =>
    [
        Runs("count-by", "<expr>", static s => Add(s, Of(s).CountBy)),
        Runs("count-rest-together", "", static s => Of(s).MissingKey = MissingKey.CountTogether),
        Runs("tier-by", "<expr>", static s => Add(s, Of(s).TierBy)),
        Once("default-tier", "<name>", static s => Of(s).DefaultTier = s[0]),
        Once("quota-folder", "<dir>", static s => Of(s).QuotaFolder = s.PathOf(s[0])),
        Once("max-clients", "<n>", static s =>
        {
            if (s.TryInteger(0, 1, 100_000_000, out var count))
            {
                Of(s).MaxClients = count;
            }
        }),
        Runs("cost", "{<units>|<expr>} [{if|unless} <condition> ...]", Cost),
        Once("charge-by", "<expr>", static s => Of(s).ChargeBy = CheckFormat.ReadExpression(s, 0) ?? Of(s).ChargeBy),
        Runs("hide-limits", "", static s => Of(s).TellsLimits = false),
        Runs("tier", "<name> [<param> ...]", Tier),
        .. TierLimitLines.All.Select(static k => k with { Note = Own }),
        Keyword.Runs("use-tiers", Section.Front, "<name> [{if|unless} <condition> ...]", Use) with { Note = Own },
        Keyword.RunsOnce("usage-uri", Section.Front, "<path>", static s => s.Proxy.UsagePath = s[0]) with { Note = Own },
    ];

    /// <summary>The section that a statement stands in; its keywords stand in nothing else.</summary>
    public static TiersSection SectionOf(Statement s) => (TiersSection)s.Target!;

    private static TiersOptions Of(Statement s) => SectionOf(s).Options;

    private static Keyword Runs(string name, string arguments, Action<Statement> run) =>
        Keyword.Runs(name, Section.Tiers, arguments, run) with { Note = Own };

    private static Keyword Once(string name, string arguments, Action<Statement> run) =>
        Keyword.RunsOnce(name, Section.Tiers, arguments, run) with { Note = Own };

    private static void Add(Statement s, IList<Expression> values)
    {
        if (CheckFormat.ReadExpression(s, 0) is { } value)
        {
            values.Add(value);
        }
    }

    private static void Cost(Statement s)
    {
        var cost = new TierCostOptions();
        if (long.TryParse(s[0], NumberStyles.None, CultureInfo.InvariantCulture, out var units))
        {
            cost.Units = units;
        }
        else if (CheckFormat.ReadExpression(s, 0) is { } by)
        {
            cost.By = by;
        }
        else
        {
            return;
        }

        if (RuleLineParser.TryCondition(s, 1, s.Name, out var when))
        {
            cost.When = when;
            Of(s).Costs.Add(cost);
        }
    }

    private static void Tier(Statement s)
    {
        var section = SectionOf(s);
        if (section.Options.Tiers.Any(t => t.Name == s[0]))
        {
            s.Alert(0, $"'tier' : there is one of the name '{s[0]}' already.");
            return;
        }

        var tier = new TierOptions { Name = s[0] };
        var said = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 1; i < s.Count; i += 2)
        {
            if (!said.Add(s[i]))
            {
                s.Alert(i, $"'tier' : '{s[i]}' is there twice.");
                return;
            }

            if (i + 1 == s.Count)
            {
                s.Alert(i, $"'tier' : '{s[i]}' expects a value.");
                return;
            }

            if (!TryHint(s, i, tier))
            {
                return;
            }
        }

        section.Options.Tiers.Add(tier);
        section.Places[tier] = s.Place;
    }

    private static bool TryHint(Statement s, int index, TierOptions tier)
    {
        var isTime = s[index] is "queue-timeout" or "server-timeout";
        var time = default(TimeSpan);
        var number = 0;
        if (isTime ? !s.TryTime(index + 1, out time) : s[index] == "queue-priority" && !s.TryInteger(index + 1, -2047, 2047, out number))
        {
            return false;
        }

        switch (s[index])
        {
            case "queue-priority":
                tier.QueuePriority = number;
                return true;
            case "queue-timeout":
                tier.QueueTimeout = time;
                return true;
            case "server-timeout":
                tier.ServerTimeout = time;
                return true;
            case "prefer-servers":
                foreach (var name in s[index + 1].Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    tier.PreferredServers.Add(name);
                }

                return true;
            default:
                string[] known = ["queue-priority", "queue-timeout", "server-timeout", "prefer-servers"];
                s.Alert(index, $"'tier' : unknown parameter '{s[index]}'{NearestName.Hint(s[index], known)}.");
                return false;
        }
    }

    private static void Use(Statement s)
    {
        if (s.Proxy.Tiers is { } other)
        {
            s.Alert(0, $"'use-tiers' : {s.Proxy} has tiers already, '{other.Name}' at {other.Place}.");
        }
        else if (RuleLineParser.TryCondition(s, 1, s.Name, out var condition))
        {
            s.Proxy.Tiers = new TiersUse(s[0], condition is null ? null : !condition, s.PlaceOf(0));
        }
    }
}
