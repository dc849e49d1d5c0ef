namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What servers can have in HAProxy and not here yet. To switch one on, give it a line of its own where its kind is.</summary>
internal static class UnsupportedServerKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Keyword.Refused("check-reuse-pool", Section.Server, "", "checks open connections of their own"),
        Keyword.Accepted("no-check-reuse-pool", Section.Server, "", "what it takes back is not there"),
        Keyword.Accepted("idle-ping", Section.Server, "<delay>", "it is about HTTP/2, which is not spoken to servers"),
        Keyword.Runs("ws", Section.Server, "{auto|h1|h2}", static s =>
        {
            if (s[0] == "h2")
            {
                s.Alert(0, "'ws h2' is not supported yet: WebSocket is spoken to servers in HTTP/1.");
            }
            else
            {
                _ = s.TryChoice(0, out bool _, ("auto", true), ("h1", true));
            }
        }),
        .. Refused("lines go to the program's logger", "log-bufsize", "log-proto"),
        .. Refused(BindKeywords.OneNamespace, "namespace"),
        .. Refused(BindKeywords.NoSignatures, "tcp-md5sig"),
        .. Refused("connections come from addresses of this machine", "usesrc"),
    ];

    private static IEnumerable<Keyword> Refused(string note, params string[] names) =>
        names.Select(name => Keyword.Refused(name, Section.Server, "<value>", note));
}
