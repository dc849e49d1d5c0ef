using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>The actions that are not there yet. To switch one on, give it a line of its own where its group is.</summary>
internal static class UnsupportedActions
{
    public static IEnumerable<RuleVerb> All =>
    [
        .. Of(Session, "attach-srv"),
        .. Of(Content | ResponseContent | Request | Response, "send-spoe-group", "set-bandwidth-limit"),
        .. Of(Request, "cache-use"),
        .. Of(Response, "cache-store"),
        .. Prefixes(Everywhere, "lua."),
    ];

    private static IEnumerable<RuleVerb> Of(RuleLists lists, params string[] names) => names.Select(name => new RuleVerb(name, lists, "..."));

    private static IEnumerable<RuleVerb> Prefixes(RuleLists lists, params string[] names) =>
        names.Select(name => new RuleVerb(name, lists, "...") { IsPrefix = true });
}
