namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The <c>option</c> lines of proxies.</summary>
internal static class OptionKeywords
{
    private const Section OfFront = Section.Defaults | Section.Front;
    private const Section OfBack = Section.Defaults | Section.Back;

    public static IEnumerable<Keyword> All =>
    [
        Flag("abortonclose", Section.Proxies, static (p, on) => p.AbortOnClose = on),
        Flag("allbackups", OfBack, static (p, on) => p.UseAllBackups = on),
        Flag("checkcache", OfBack, static (p, on) => p.ChecksCache = on),
        Flag("persist", OfBack, static (p, on) => p.PersistsWhenDown = on),
        Flag("dontlognull", OfFront, static (p, on) => p.DontLogNull = on),
        Flag("dontlog-normal", OfFront, static (p, on) => p.LogsFailuresOnly = on),
        Flag("log-separate-errors", OfFront, static (p, on) => p.RaisesFailures = on),
        Flag("logasap", OfFront, static (p, on) => p.LogsEarly = on),
        Connections("http-keep-alive", ConnectionMode.KeepAlive),
        Connections("http-server-close", ConnectionMode.ServerClose),
        Connections("httpclose", ConnectionMode.Close),
        Keyword.Runs("option httplog", OfFront, "[clf]", static s => Log(s, "httplog")),
        Keyword.Runs("option tcplog", OfFront, "[clf]", static s => Log(s, "tcplog")),
        Keyword.Runs("option httpslog", OfFront, "", static s => Log(s, "httpslog")),
        Runs("redispatch", OfBack, "[<interval>]", Redispatch),
        .. Accepted("the transport sets what its sockets need", Section.Proxies, "http-no-delay", "tcp-smart-accept", "tcp-smart-connect"),
        .. Accepted("data is relayed without copying where that pays", Section.Proxies, "splice-auto", "splice-request", "splice-response"),
        .. Accepted("counters are kept up to date at all times", OfFront, "contstats"),
        .. Accepted("the counters of each address are kept at all times", OfFront, "socket-stats"),
        Flag("transparent", OfBack, static (p, on) => p.IsTransparent = on),
        .. Accepted("buffers are as large as what is in them wants", Section.Proxies, "use-small-buffers"),
        Keyword.Refused("option http_proxy", Section.Proxies, "", "it is gone from HAProxy since 2.5"),
    ];

    private static Keyword Flag(string name, Section sections, Action<ProxySettings, bool> set) =>
        Runs(name, sections, "", s => set(s.Proxy.Settings, !s.IsNegated));

    private static Keyword Runs(string name, Section sections, string arguments, Action<Statement> run) =>
        Keyword.Runs($"option {name}", sections, arguments, run) with { HasNegation = true };

    private static IEnumerable<Keyword> Accepted(string note, Section sections, params string[] names) =>
        names.Select(name => Keyword.Accepted($"option {name}", sections, "...", note) with { HasNegation = true });

    /// <summary>To switch off what is not there changes nothing, and runs.</summary>
    private static IEnumerable<Keyword> Refused(Section sections, string? note, params string[] names) =>
        names.Select(name => Keyword.Refused($"option {name}", sections, note: note) with { HasNegation = true });

    /// <summary>One mode at a time: the last line written counts, and <c>no</c> takes back the same one only.</summary>
    private static Keyword Connections(string name, ConnectionMode mode) => Runs(name, Section.Proxies, "", s =>
    {
        var settings = s.Proxy.Settings;
        settings.ConnectionMode = !s.IsNegated ? mode : settings.ConnectionMode == mode ? null : settings.ConnectionMode;
    });

    private static void Log(Statement s, string format)
    {
        if (s.Count > 0 && s[0] != "clf")
        {
            s.Alert(0, $"'{s.Name}' only supports 'clf' (got '{s[0]}').");
        }
        else
        {
            LogKeywords.SetLine(s, s.Count > 0 ? $"{format} clf" : format, null);
        }
    }

    private static void Redispatch(Statement s)
    {
        var interval = -1;
        if (s.Count > 0 && !s.TryInteger(0, int.MinValue, int.MaxValue, out interval))
        {
            return;
        }

        s.Proxy.Settings.Redispatch = !s.IsNegated && interval != 0;
        s.Proxy.Settings.RedispatchInterval = interval == 0 ? null : interval;
    }
}
