using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Stickiness;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads the lines that name servers for requests, by themselves or by what tables have learnt.</summary>
internal static class StickinessLines
{
    public static void ReadUseServer(Statement s)
    {
        if (!TryNeeded(s, 1, out var condition))
        {
            return;
        }

        Expression? name = null;
        if (s[0].Contains('%', StringComparison.Ordinal))
        {
            try
            {
                name = Formats.Parse(s[0], s.Language);
            }
            catch (RuleFaultException e)
            {
                s.Alert(0, $"error detected in {s.Proxy} while parsing 'use-server' rule : {e.Message}.");
                return;
            }
        }

        s.Proxy.UseServers.Add((new UseServerRuleOptions(s[0], condition) { Name = name, Origin = s.Place.ToString() }, s.PlaceOf(0)));
    }

    public static void ReadPersistence(Statement s, PersistenceEffect effect)
    {
        if (TryNeeded(s, 0, out var condition))
        {
            s.Proxy.PersistenceRules.Add(new PersistenceRuleOptions(effect, condition) { Origin = s.Place.ToString() });
        }
    }

    public static void ReadStick(Statement s, StickRuleKind kind)
    {
        Expression key;
        try
        {
            key = s[0].Length == 0 ? throw new RuleFaultException("missing fetch method") : Value.Parse(s[0], s.Language);
        }
        catch (RuleFaultException e)
        {
            s.Alert(0, $"'{s.Name}': {e.Message}.");
            return;
        }

        var (next, table) = s[1] == "table" ? (3, s[2]) : (1, "");
        if (next > s.Count)
        {
            s.Alert(1, $"'{s.Name}' : missing <table> after 'table'.");
        }
        else if (RuleLineParser.TryCondition(s, next, s.Name, out var condition))
        {
            s.Proxy.StickRules.Add((new StickRuleOptions(kind, key, table, condition) { Origin = s.Place.ToString() }, s.Place));
        }
    }

    /// <summary>Reads a condition that has to be there.</summary>
    private static bool TryNeeded(Statement s, int index, out Condition condition)
    {
        condition = Match.Always;
        if (index >= s.Count || s[index] is not ("if" or "unless"))
        {
            s.Alert(index, $"'{s.Name}' requires either 'if' or 'unless' followed by a condition.");
            return false;
        }

        if (!RuleLineParser.TryCondition(s, index, s.Name, out var read) || read is null)
        {
            return false;
        }

        condition = read;
        return true;
    }
}
