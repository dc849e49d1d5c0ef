using System.Globalization;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>What ends a list or an exchange.</summary>
internal static class VerdictActions
{
    public static IEnumerable<RuleVerb> All =>
    [
        Verb("accept", OfTcp, "", static _ => RuleActions.Allow),
        Verb("allow", OfHttp, "", static _ => RuleActions.Allow),
        Verb("reject", OfTcp | Request, "", static _ => RuleActions.Reject),
        Verb("close", ResponseContent, "", static _ => RuleActions.Close),
        Verb("silent-drop", OfTcp | Request | Response, "[rst-ttl <ttl>]", SilentDrop),
        Verb("deny", Request | Response, "[{status|deny_status} <code>] [<reply>]", static a => Refusal(a, RuleActions.Deny, RuleActions.Deny, 403, 502)),
        Verb("tarpit", Request, "[{status|deny_status} <code>] [<reply>]", static a => Refusal(a, RuleActions.Tarpit, RuleActions.Tarpit, 500, 500)),
        Verb("return", Request | Response, "[status <code>] [content-type <type>] [<body>] [hdr <name> <fmt>]...", static a => RuleActions.Return(new ReplyWords(a).Read(200).Reply)),
        Verb("auth", Request, "[realm <text>]", static a => RuleActions.Challenge(a.Takes("realm") ? a.Take("<realm>") : null)),
        Verb("redirect", Request | Response, "{location|prefix|scheme} <fmt> [<option>...]", Redirect),
    ];

    private static RuleVerb Verb(string name, RuleLists lists, string arguments, Func<ActionArguments, RuleAction> parse) =>
        new(name, lists, arguments) { Parse = parse, IsFinal = true };

    private static RuleAction SilentDrop(ActionArguments a)
    {
        if (!a.Takes("rst-ttl"))
        {
            return RuleActions.SilentDrop;
        }

        return int.TryParse(a.Take("<ttl>"), NumberStyles.None, CultureInfo.InvariantCulture, out var hops) && hops is >= 1 and <= 255
            ? RuleActions.SilentDropWithin(hops)
            : throw a.Wrong("valid rst-ttl values are [1-255]");
    }

    private static RuleAction Redirect(ActionArguments a)
    {
        var to = RedirectWords.Read(a, literal: false);
        a.MayGoOn = to.IgnoreEmpty;
        return RuleActions.Redirect(to);
    }

    /// <summary>Alone, or with <c>deny_status</c> alone, the proxy's error page is sent; with <c>status</c> alone nothing but that; else the reply
    /// that the arguments describe. HAProxy: <c>deny_status</c> is another word for <c>status</c>, where it comes first.</summary>
    private static RuleAction Refusal(
        ActionArguments a, Func<int?, RuleAction> withPage, Func<Reply, RuleAction> withReply, int requestStatus, int responseStatus)
    {
        var status = a.Takes("deny_status") ? a.TakeInteger("<status>", 200, 599) : (int?)null;
        return a.IsAtEnd
            ? withPage(status)
            : withReply(new ReplyWords(a).Read(status ?? (a.List == Response ? responseStatus : requestStatus)).Reply);
    }
}
