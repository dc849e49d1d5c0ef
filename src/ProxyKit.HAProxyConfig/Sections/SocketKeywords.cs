namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What proxies say of their sockets.</summary>
internal static class SocketKeywords
{
    private const int MostSeconds = 32767, MostProbes = 127; // of Linux
    private const Section OfFront = Section.Defaults | Section.Front;
    private const Section OfBack = Section.Defaults | Section.Back;

    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("option tcpka", Section.Proxies, "", static s =>
        {
            var connections = s.Proxy.Settings.Connections;
            connections.ClientKeepAlive = connections.ClientKeepAlive with { IsOn = true };
            connections.ServerKeepAlive = connections.ServerKeepAlive with { IsOn = true };
        }),
        Switch("clitcpka", OfFront, static (c, on) => c.ClientKeepAlive = c.ClientKeepAlive with { IsOn = on }),
        Switch("srvtcpka", OfBack, static (c, on) => c.ServerKeepAlive = c.ServerKeepAlive with { IsOn = on }),
        Keyword.Runs("source", OfBack, "<addr>[:<port>] [interface] [<name>]", SourceAddress.Read),
        Count("clitcpka-cnt", OfFront, static (c, count) => c.ClientKeepAlive = c.ClientKeepAlive with { Probes = count }),
        Count("srvtcpka-cnt", OfBack, static (c, count) => c.ServerKeepAlive = c.ServerKeepAlive with { Probes = count }),
        Time("clitcpka-idle", OfFront, static (c, time) => c.ClientKeepAlive = c.ClientKeepAlive with { Idle = time }),
        Time("srvtcpka-idle", OfBack, static (c, time) => c.ServerKeepAlive = c.ServerKeepAlive with { Idle = time }),
        Time("clitcpka-intvl", OfFront, static (c, time) => c.ClientKeepAlive = c.ClientKeepAlive with { Interval = time }),
        Time("srvtcpka-intvl", OfBack, static (c, time) => c.ServerKeepAlive = c.ServerKeepAlive with { Interval = time }),
    ];

    private static Keyword Switch(string name, Section sections, Action<ConnectionSettings, bool> set) =>
        Keyword.Runs($"option {name}", sections, "", s => set(s.Proxy.Settings.Connections, !s.IsNegated)) with { HasNegation = true };

    private static Keyword Count(string name, Section sections, Action<ConnectionSettings, int?> set) => Keyword.Runs(name, sections, "<count>", s =>
    {
        if (s.TryInteger(0, 0, MostProbes, out var count))
        {
            set(s.Proxy.Settings.Connections, count == 0 ? null : count);
        }
    });

    private static Keyword Time(string name, Section sections, Action<ConnectionSettings, TimeSpan?> set) => Keyword.Runs(name, sections, "<timeout>", s =>
    {
        if (!s.TryTime(0, out var time, inSeconds: true))
        {
            return;
        }

        var seconds = TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds)); // the system counts in seconds
        if (seconds.TotalSeconds > MostSeconds)
        {
            s.Alert(0, $"'{s.Name}' expects at most {MostSeconds} seconds (got '{s[0]}').");
            return;
        }

        set(s.Proxy.Settings.Connections, seconds > TimeSpan.Zero ? seconds : null);
    });
}
