using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>What changes the request line.</summary>
internal static class TargetActions
{
    public static IEnumerable<RuleVerb> All =>
    [
        Verb("set-method", "<fmt>", static a => RuleActions.SetMethod(a.TakeFormat())),
        Verb("set-path", "<fmt>", static a => RuleActions.SetPath(a.TakeFormat())),
        Verb("set-pathq", "<fmt>", static a => RuleActions.SetPathAndQuery(a.TakeFormat())),
        Verb("set-query", "<fmt>", static a => RuleActions.SetQuery(a.TakeFormat())),
        Verb("set-uri", "<fmt>", static a => RuleActions.SetUri(a.TakeFormat())),
        Verb("replace-path", "<regex> <fmt>", static a => RuleActions.ReplacePath(a.Take("<regex>"), a.TakeFormat())),
        Verb("replace-pathq", "<regex> <fmt>", static a => RuleActions.ReplacePathAndQuery(a.Take("<regex>"), a.TakeFormat())),
        Verb("replace-uri", "<regex> <fmt>", static a => RuleActions.ReplaceUri(a.Take("<regex>"), a.TakeFormat())),
        Verb("normalize-uri", "<normalizer> [full|strict]", static a => RuleActions.NormalizeUri(Normalization(a))),
    ];

    private static RuleVerb Verb(string name, string arguments, Func<ActionArguments, RuleAction> parse) =>
        new(name, Request, arguments) { Parse = parse };

    private static UriNormalization Normalization(ActionArguments a) => a.Take("<normalizer>") switch
    {
        "path-merge-slashes" => UriNormalization.MergeSlashes,
        "path-strip-dot" => UriNormalization.StripDot,
        "path-strip-dotdot" => a.Takes("full") ? UriNormalization.StripDotDotFull : UriNormalization.StripDotDot,
        "percent-to-uppercase" => a.Takes("strict") ? UriNormalization.PercentToUpperCaseStrict : UriNormalization.PercentToUpperCase,
        "percent-decode-unreserved" => a.Takes("strict")
            ? UriNormalization.PercentDecodeUnreservedStrict
            : UriNormalization.PercentDecodeUnreserved,
        "fragment-strip" => UriNormalization.FragmentStrip,
        "fragment-encode" => UriNormalization.FragmentEncode,
        "query-sort-by-name" => UriNormalization.QuerySortByName,
        var other => throw a.Wrong($"unknown normalizer '{other}'"),
    };
}
