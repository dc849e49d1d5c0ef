using System.Diagnostics.CodeAnalysis;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads rule lines: a list, an action with its arguments, and a condition.</summary>
internal static class RuleLineParser
{
    /// <summary>Reads a line and adds its rule to the proxy's list.</summary>
    public static void Read(Statement s, RuleLists list)
    {
        var proxy = s.Proxy;
        if (proxy.Kind == ProxyKind.Defaults && !proxy.IsNamedDefaults)
        {
            s.Alert($"'{s.Name}' not allowed in anonymous 'defaults' section.");
            return;
        }

        var own = UserActions.Find(s.Language, s[0]);
        if (own is not null && ActionGrammar.All.Any(verb => verb.Name == own.Name))
        {
            s.Alert(0, $"'{s[0]}' is an action of HAProxy's: the one of the name that was added to the language has to have another.");
            return;
        }

        var verb = own ?? ActionGrammar.Find(s[0], list);
        if (verb is null)
        {
            s.Alert(0, Unknown(s, list));
            return;
        }

        if (verb.Parse is not { } parse)
        {
            s.Alert(0, $"'{s.Name} {verb.Name}' is not supported yet.");
            return;
        }

        var arguments = new ActionArguments(s, verb, list);
        if (TryRead(s, arguments, $"{s.Name} {verb.Name}", parse, out var action))
        {
            Add(s, list, verb, action, arguments);
        }
    }

    /// <summary>Reads what stands before the condition of a line; false, and an alert, where it cannot be.</summary>
    /// <param name="s">The line.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="what">The rule, for messages.</param>
    /// <param name="read">Reads it; what it throws is told.</param>
    /// <param name="result">What was read.</param>
    public static bool TryRead<T>(
        Statement s, ActionArguments arguments, string what, Func<ActionArguments, T> read, [NotNullWhen(true)] out T? result)
        where T : class
    {
        try
        {
            result = read(arguments);
            return true;
        }
        catch (Exception e) when (e is RuleFaultException or ArgumentException)
        {
            s.Alert(arguments.Position, $"error detected in {s.Proxy} while parsing '{what}' rule : {Explain(e)}.");
            result = null;
            return false;
        }
    }

    /// <summary>Reads the condition that ends a line; false, and an alert, where what stands there is none. Outside of proxies no ACLs are declared but those
    /// in braces.</summary>
    /// <param name="s">The line.</param>
    /// <param name="index">The argument that has to be <c>if</c> or <c>unless</c>.</param>
    /// <param name="what">The rule, for messages.</param>
    /// <param name="condition">The condition; null for always.</param>
    public static bool TryCondition(Statement s, int index, string what, out Condition? condition)
    {
        condition = null;
        if (index >= s.Count)
        {
            return true;
        }

        if (s[index] is not ("if" or "unless"))
        {
            s.Alert(index, $"'{what}' expects either 'if' or 'unless' followed by a condition but found '{s[index]}'.");
            return false;
        }

        var proxy = s.Target as ProxySection;
        string[] words = [.. s.Arguments.Skip(index + 1).Select(static a => a.Text)];
        try
        {
            var read = Match.Parse(words, proxy is null ? null : proxy.Rules.Acls.Find, s.Language, message => s.Warning(index, $"{message}."));
            condition = s[index] == "unless" ? !read : read;
            return true;
        }
        catch (RuleFaultException e)
        {
            s.Alert(
                Math.Min(index + 1 + (e.Word ?? 0), s.Count - 1),
                $"error detected {(proxy is null ? "" : $"in {proxy} ")}while parsing '{s[index]}' condition : {e.Message}.");
            return false;
        }
    }

    /// <summary>What a fault says; where a factory of actions says it of an argument, without the name of the parameter in C#.</summary>
    public static string Explain(Exception e) => e is ArgumentException ? FirstLine(e.Message) : e.Message;

    private static void Add(Statement s, RuleLists list, RuleVerb verb, RuleAction action, ActionArguments arguments)
    {
        if (!TryCondition(s, arguments.Position, $"{s.Name} {verb.Name}", out var condition))
        {
            return;
        }

        var rules = s.Proxy.Rules;
        if (rules.HasEnded(list))
        {
            s.Warning(0, $"previous '{s.Name}' action is final and has no condition attached, further entries are NOOP.");
        }

        RuleOrder.Check(s, list);
        if (verb.IsFinal && !arguments.MayGoOn && condition is null)
        {
            rules.End(list, s.Place);
        }

        rules.Add(list, new RuleOptions(action, condition) { Origin = s.Place.ToString() }, s.Place);
    }

    private static string Unknown(Statement s, RuleLists list)
    {
        var own = s.Language?.ActionNames ?? [];
        var known = ActionGrammar.Names(list).Concat(own).ToArray();
        var nearest = NearestName.Of(s[0], ActionGrammar.PlainNames(list).Concat(own));
        return $"'{s.Name}' expects {string.Join(", ", known.Select(static n => $"'{n}'"))}, but got '{s[0]}'."
            + (nearest is null ? "" : $" Did you mean '{nearest}' maybe ?");
    }

    private static string FirstLine(string message)
    {
        var end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
