using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>What changes header fields and the status line.</summary>
internal static class HeaderActions
{
    public static IEnumerable<RuleVerb> All =>
    [
        Verb("set-header", OfHttp, "<name> <fmt>", static a => RuleActions.SetHeader(a.Take("<name>"), a.TakeFormat())),
        Verb("add-header", OfHttp, "<name> <fmt>", static a => RuleActions.AddHeader(a.Take("<name>"), a.TakeFormat())),
        Verb("del-header", OfHttp, "<name> [-m <method>]", static a => RuleActions.DelHeader(a.Take("<name>"), NameMatch(a, withRegex: true))),
        Verb("replace-header", OfHttp, "<name> <regex> <fmt>", static a => RuleActions.ReplaceHeader(a.Take("<name>"), a.Take("<regex>"), a.TakeFormat())),
        Verb("replace-value", OfHttp, "<name> <regex> <fmt>", static a => RuleActions.ReplaceValue(a.Take("<name>"), a.Take("<regex>"), a.TakeFormat())),
        Verb("set-headers-bin", OfHttp, "<expr> [prefix <p>]", static a => RuleActions.SetHeadersBin(a.TakeExpression(), Prefix(a))),
        Verb("add-headers-bin", OfHttp, "<expr> [prefix <p>]", static a => RuleActions.AddHeadersBin(a.TakeExpression(), Prefix(a))),
        Verb("del-headers-bin", OfHttp, "<expr> [-m <method>]", static a => RuleActions.DelHeadersBin(a.TakeExpression(), NameMatch(a, withRegex: false))),
        Verb("early-hint", Request, "<name> <fmt>", static a => RuleActions.EarlyHint(a.Take("<name>"), a.TakeFormat())),
        Verb("set-status", Response | AfterResponse, "<status> [reason <text>]", static a => RuleActions.SetStatus(
            a.TakeInteger("<status>", 100, 999), a.Takes("reason") ? a.Take("<text>") : null)),
        Verb("strict-mode", OfHttp, "{on|off}", StrictMode),
    ];

    private static RuleVerb Verb(string name, RuleLists lists, string arguments, Func<ActionArguments, RuleAction> parse) =>
        new(name, lists, arguments) { Parse = parse };

    private static string? Prefix(ActionArguments a) => a.Takes("prefix") ? a.Take("<prefix>") : null;

    private static HeaderNameMatch NameMatch(ActionArguments a, bool withRegex)
    {
        if (!a.Takes("-m"))
        {
            return HeaderNameMatch.Exact;
        }

        return a.Take("<method>") switch
        {
            "str" => HeaderNameMatch.Exact,
            "beg" => HeaderNameMatch.Prefix,
            "end" => HeaderNameMatch.Suffix,
            "sub" => HeaderNameMatch.Contains,
            "reg" when withRegex => HeaderNameMatch.Regex,
            var other => throw a.Wrong($"-m with unsupported matching method '{other}'"),
        };
    }

    private static RuleAction StrictMode(ActionArguments a) => a.Take("'on' or 'off'") switch
    {
        "on" => RuleActions.StrictMode(true),
        "off" => RuleActions.StrictMode(false),
        var other => throw a.Wrong($"expects 'on' or 'off' (got '{other}')"),
    };
}
