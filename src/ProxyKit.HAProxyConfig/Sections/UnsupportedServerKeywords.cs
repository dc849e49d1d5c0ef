namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What servers can have in HAProxy and not here yet. To switch one on, give it a line of its own where its kind is.</summary>
internal static class UnsupportedServerKeywords
{
    private static readonly string[] Words =
        ["check-via-socks4"];

    private static readonly string[] WithArgument =
        ["idle-ping", "log-bufsize", "log-proto", "namespace", "pool-conn-name", "socks4", "tcp-md5sig", "usesrc", "ws"];

    public static IEnumerable<Keyword> All =>
        Words.Select(static name => Keyword.Refused(name, Section.Server, ""))
            .Append(Keyword.Refused("check-reuse-pool", Section.Server, "", "checks open connections of their own"))
            .Append(Keyword.Accepted("no-check-reuse-pool", Section.Server, "", "what it takes back is not there"))
            .Concat(WithArgument.Select(static name => Keyword.Refused(name, Section.Server, "<value>")));
}
