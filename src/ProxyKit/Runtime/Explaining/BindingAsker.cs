using ProxyKit.Backends;
using ProxyKit.Exchanges;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Explaining;
using ProxyKit.Rules.Formats;
using ProxyKit.Stickiness;

namespace ProxyKit.Runtime.Explaining;

/// <summary>Asks what binds the client to a server of a backend, and notes it in the explanation.</summary>
internal sealed class BindingAsker(RuleContext context, ListAsker lists, RuleTrace trace, BackendPolicy target, BackendOptions options)
{
    private readonly ClientBinding _binding = new();
    private readonly string _section = $"backend {options.Name}";

    /// <summary>How the server was found, to stand behind its name; null where none was.</summary>
    public string? Why { get; private set; }

    /// <summary>As soon as the backend is chosen.</summary>
    /// <returns>Whether nothing has failed.</returns>
    public bool TryBegin()
    {
        if (target.Stickiness is not { } stickiness)
        {
            return true;
        }

        lists.Begin(_section, "force-persist, ignore-persist", [.. options.PersistenceRules.Select(static r => new ExplainedRule(
            $"{(r.Effect == PersistenceEffect.Force ? "force-persist" : "ignore-persist")}{When(r.Condition)}", r.Origin, r.Condition))]);
        return Try(() => stickiness.Begin(context, _binding));
    }

    /// <summary>Behind the backend's rules.</summary>
    /// <param name="server">The server that the client is bound to; null for none.</param>
    /// <returns>Whether nothing has failed.</returns>
    public bool TryDirect(out Server? server)
    {
        server = null;
        if (target.Stickiness is not { } stickiness)
        {
            return true;
        }

        ExplainedRule[] useServer = [.. options.UseServerRules.Select(static r => new ExplainedRule(
            $"use-server {(r.Name is null ? RuleWords.Text(r.Server) : RuleWords.Format(r.Name))}{When(r.Condition)}", r.Origin, r.Condition))];
        ExplainedRule[] stick = [.. options.StickRules.Select(static r => new ExplainedRule(TextOf(r), r.Origin, r.Condition))];
        trace.Begin([.. useServer, .. stick]); // by this the stickiness numbers them
        lists.Show(_section, "use-server", useServer);
        lists.Show(_section, "stick", [.. stick.Where((_, index) => options.StickRules[index].Kind != StickRuleKind.StoreResponse)]);
        if (!Try(() => stickiness.Direct(context, _binding)))
        {
            return false;
        }

        var direction = _binding.Direction;
        server = direction.Server;
        Why = server is null ? null : direction.Kind switch
        {
            DirectionKind.Rule => $"use-server{EndTeller.At(Array.FindLast(useServer, static r => r.Fate == RuleFate.Fired))}",
            DirectionKind.Cookie => $"cookie {Shown.Text(options.StickyCookie?.Name ?? "")}",
            DirectionKind.RdpCookie => $"persist rdp-cookie({Shown.Text(options.RdpCookie ?? "")})",
            _ => "a stick table",
        };
        return true;
    }

    private static string When(Condition? condition) => RuleOptions.When(condition == Match.Always ? null : condition);

    private static string TextOf(StickRuleOptions rule)
    {
        var word = rule.Kind switch
        {
            StickRuleKind.On => "on",
            StickRuleKind.Match => "match",
            StickRuleKind.StoreRequest => "store-request",
            _ => "store-response",
        };
        return $"stick {word} {rule.Key}{(rule.Table.Length > 0 ? $" table {rule.Table}" : "")}{When(rule.Condition)}";
    }

    private bool Try(Action ask)
    {
        try
        {
            ask();
            return true;
        }
        catch (Exception e)
        {
            lists.NoteThrown(e); // a user's code
            return false;
        }
    }
}
