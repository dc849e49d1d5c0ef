using ProxyKit.HAProxyConfig.Units;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The timeouts of proxies.</summary>
internal static class TimeoutKeywords
{
    /// <summary>Those about the wait for requests: they may stand in backends, and are of the frontend.</summary>
    public static IReadOnlyList<string> OfRequests { get; } = ["http-keep-alive", "http-request"];

    public static IEnumerable<Keyword> All =>
    [
        .. Runs(Section.Defaults | Section.Front, "client", "client-fin", "client-hs"),
        .. Runs(Section.Proxies, [.. OfRequests]).Select(static k => k with { Note = "in a backend it has no effect, since the frontend's counts" }),
        .. Runs(Section.Proxies, "tarpit"),
        .. Runs(Section.Defaults | Section.Back, "check", "connect", "queue", "server", "server-fin", "tunnel"),
        .. Removed(("clitimeout", "timeout client"), ("contimeout", "timeout connect"), ("srvtimeout", "timeout server")),
    ];

    private static IEnumerable<Keyword> Runs(Section sections, params string[] names) =>
        names.Select(name => Keyword.Runs($"timeout {name}", sections, "<time>", s => Set(s, name)));

    private static IEnumerable<Keyword> Removed(params (string Name, string Instead)[] names) =>
        names.Select(n => Keyword.Refused(n.Name, Section.Proxies, "<time>", $"it is gone from HAProxy since 2.1, use '{n.Instead}'"));

    private static void Set(Statement s, string name)
    {
        if (!s.TryTime(0, out var time))
        {
            return;
        }

        var timeouts = s.Proxy.Settings.Timeouts;
        if (timeouts.TryGetValue(name, out var earlier) && s.Proxy.From?.Settings.Timeouts.GetValueOrDefault(name).Place != earlier.Place)
        {
            s.Warning(0, $"overwriting 'timeout {name}' which was already specified at {earlier.Place}.");
        }

        ConfigTime.WarnIfSmall(s[0], s.Name, s.PlaceOf(0), s.Diagnostics);
        timeouts[name] = (time, s.Place);
    }
}
