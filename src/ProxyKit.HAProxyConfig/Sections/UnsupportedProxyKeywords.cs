namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What proxies can have in HAProxy and not here yet. To switch one on, give it a line of its own where its kind is.</summary>
internal static class UnsupportedProxyKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        .. Of(Section.Defaults | Section.Back,
            "quic-initial", "use-fcgi-app"),
        Keyword.Refused("load-server-state-from-file", Section.Defaults | Section.Back, note: GlobalKeywords.StateStays),
        Keyword.Refused("server-state-file-name", Section.Defaults | Section.Back, note: GlobalKeywords.StateStays),
        .. Of(Section.Proxies,
            "compression algo", "compression algo-req", "compression algo-res",
            "compression direction", "compression minsize-req", "compression minsize-res", "compression offload", "compression type",
            "compression type-req", "compression type-res", "filter", "force-be-switch", "stats admin",
            "stats auth", "stats enable", "stats hide-version", "stats http-request", "stats realm", "stats refresh", "stats scope",
            "stats show-desc", "stats show-legends", "stats show-modules", "stats show-node", "stats uri"),
    ];

    private static IEnumerable<Keyword> Of(Section sections, params string[] names) => names.Select(name => Keyword.Refused(name, sections));
}
