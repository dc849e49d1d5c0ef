using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads the <c>redirect</c> lines of sections, which are older than rules: their texts are as they stand, and they are asked behind all
/// <c>http-request</c> rules.</summary>
internal static class RedirectLines
{
    public const string Name = "redirect";
    public const string Arguments = "{location|prefix|scheme} <to> [<option> ...] [{if|unless} <condition> ...]";

    private static readonly RuleVerb Verb = new(Name, RuleLists.Request, Arguments);

    public static void Read(Statement s)
    {
        var arguments = new ActionArguments(s, Verb, RuleLists.Request, first: 0);
        if (RuleLineParser.TryRead(s, arguments, Name, static a => RuleActions.Redirect(RedirectWords.Read(a, literal: true)), out var action))
        {
            Add(s, action, arguments.Position);
        }
    }

    private static void Add(Statement s, RuleAction action, int position)
    {
        if (!RuleLineParser.TryCondition(s, position, Name, out var condition))
        {
            return;
        }

        RuleOrder.CheckRedirect(s);
        s.Proxy.Rules.RedirectSeen ??= s.Place;
        s.Proxy.Rules.Redirects.Add(new RuleOptions(action, condition) { Origin = s.Place.ToString(), RunsAfterAllow = true });
    }
}
