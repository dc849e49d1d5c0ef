namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The options about messages, and about how connections begin and end.</summary>
internal static class ConnectionKeywords
{
    private const Section OfFront = Section.Defaults | Section.Front;
    private const Section OfBack = Section.Defaults | Section.Back;

    public static IEnumerable<Keyword> All =>
    [
        .. Violations("http-request", OfFront, static (c, on) => c.AcceptsUnsafeRequests = on),
        .. Violations("http-response", OfBack, static (c, on) => c.AcceptsUnsafeResponses = on),
        Flag("h1-case-adjust-bogus-client", OfFront, static (c, on) => c.AdjustsResponseCase = on),
        Flag("h1-case-adjust-bogus-server", OfBack, static (c, on) => c.AdjustsRequestCase = on),
        Flag("http-buffer-request", Section.Proxies, static (c, on) => c.BuffersRequests = on),
        Flag("http-drop-request-trailers", OfBack, static (c, on) => c.DropsRequestTrailers = on),
        Flag("http-drop-response-trailers", OfFront, static (c, on) => c.DropsResponseTrailers = on),
        Flag("http-ignore-probes", OfFront, static (c, on) => c.IgnoresProbes = on),
        Flag("http-pretend-keepalive", OfBack, static (c, on) => c.PretendsKeepAlive = on),
        Flag("http-use-proxy-header", OfFront, static (c, on) => c.AuthenticatesAsProxy = on),
        Flag("idle-close-on-response", OfFront, static (c, on) => c.KeepsIdleWhileDraining = on),
        Flag("independent-streams", Section.Proxies, static (c, on) => c.HasIndependentDirections = on),
        Flag("nolinger", Section.Proxies, static (c, on) => c.ResetsConnections = on),
        Flag("prefer-last-server", OfBack, static (c, on) => c.PrefersLastServer = on),
        Keyword.Runs("max-keep-alive-queue", OfBack, "<value>", static s =>
        {
            if (s.TryInteger(0, -1, int.MaxValue, out var count))
            {
                s.Proxy.Settings.Connections.MaxKeepAliveQueue = count < 0 ? null : count;
            }
        }),
        Keyword.Runs("max-session-srv-conns", OfFront, "<nb>", static s =>
        {
            if (s.TryInteger(0, 0, int.MaxValue, out var count))
            {
                s.Proxy.Settings.Connections.MaxPrivateConnections = count;
            }
        }),
        Keyword.Runs("option http-restrict-req-hdr-names", Section.Proxies, "{preserve|delete|reject}", RestrictNames),
    ];

    private static Keyword Flag(string name, Section sections, Action<ConnectionSettings, bool> set) =>
        Keyword.Runs($"option {name}", sections, "", s => set(s.Proxy.Settings.Connections, !s.IsNegated)) with { HasNegation = true };

    /// <summary>By their name of today and that of before 3.0.</summary>
    private static IEnumerable<Keyword> Violations(string where, Section sections, Action<ConnectionSettings, bool> set)
    {
        string[] names = [$"accept-unsafe-violations-in-{where}", $"accept-invalid-{where}"];
        return names.Select(name => Flag(name, sections, set) with { Note = "lets pass what leaves a message one reading, and no more" });
    }

    private static void RestrictNames(Statement s)
    {
        if (s.TryChoice(
            0,
            out var policy,
            ("preserve", OddHeaderNames.Preserve),
            ("delete", OddHeaderNames.Delete),
            ("reject", OddHeaderNames.Reject)))
        {
            s.Proxy.Settings.Connections.OddHeaderNames = policy;
        }
    }
}
