using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Tells of lines that stand behind what runs later than they do: whoever wrote them may have meant otherwise.</summary>
internal static class RuleOrder
{
    /// <summary>The lists that requests go through, in their order.</summary>
    private static readonly (RuleLists List, string Shown)[] Lists =
    [
        (RuleLists.Connection, "a 'tcp-request connection'"),
        (RuleLists.Session, "a 'tcp-request session'"),
        (RuleLists.Content, "a 'tcp-request content'"),
        (RuleLists.Request, "an 'http-request'"),
    ];

    /// <summary>Warns of a rule of a list. Of all that it stands behind and runs before, what runs first is named.</summary>
    public static void Check(Statement s, RuleLists list)
    {
        var own = Array.FindIndex(Lists, l => l.List == list);
        if (own < 0)
        {
            return; // what is about responses has no such warnings
        }

        var rules = s.Proxy.Rules;
        var later = Lists.Skip(own + 1).FirstOrDefault(l => rules.Has(l.List)).Shown;
        Warn(s, later ?? (rules.RedirectSeen is null ? RouteSeen(s.Proxy) : $"a '{RedirectLines.Name}'"));
    }

    /// <summary>Warns of a <c>redirect</c> of the section's own.</summary>
    public static void CheckRedirect(Statement s) => Warn(s, RouteSeen(s.Proxy));

    private static string? RouteSeen(ProxySection proxy) =>
        proxy.Rules.RouteSeen is not null ? "a 'use_backend'" : proxy.UseServers.Count > 0 ? "a 'use-server'" : null;

    private static void Warn(Statement s, string? later)
    {
        if (later is not null)
        {
            s.Warning(0, $"a '{s.Name}' rule placed after {later} rule will still be processed before.");
        }
    }
}
