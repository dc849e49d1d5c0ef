namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What servers can have in HAProxy and not here yet. To switch one on, give it a line of its own where its kind is.</summary>
internal static class UnsupportedServerKeywords
{
    private static readonly string[] Words =
        ["check-via-socks4"];

    private static readonly string[] WithArgument =
        ["log-bufsize", "log-proto", "namespace", "pool-conn-name", "socks4", "tcp-md5sig", "usesrc"];

    public static IEnumerable<Keyword> All =>
        Words.Select(static name => Keyword.Refused(name, Section.Server, ""))
            .Append(Keyword.Refused("check-reuse-pool", Section.Server, "", "checks open connections of their own"))
            .Append(Keyword.Accepted("no-check-reuse-pool", Section.Server, "", "what it takes back is not there"))
            .Append(Keyword.Accepted("idle-ping", Section.Server, "<delay>", "it is about HTTP/2, which is not spoken to servers"))
            .Append(Keyword.Runs("ws", Section.Server, "{auto|h1|h2}", static s =>
            {
                if (s[0] == "h2")
                {
                    s.Alert(0, "'ws h2' is not supported yet: WebSocket is spoken to servers in HTTP/1.");
                }
                else
                {
                    _ = s.TryChoice(0, out bool _, ("auto", true), ("h1", true));
                }
            }))
            .Concat(WithArgument.Select(static name => Keyword.Refused(name, Section.Server, "<value>")));
}
