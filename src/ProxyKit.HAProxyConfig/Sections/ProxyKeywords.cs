using ProxyKit.Backends;
using ProxyKit.HAProxyConfig.Rules;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What proxies are made of: mode, addresses, servers, limits.</summary>
internal static class ProxyKeywords
{
    private const Section OfFront = Section.Defaults | Section.Front;
    private const Section OfBack = Section.Defaults | Section.Back;

    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("mode", Section.Proxies, "{tcp|http}", Mode),
        Keyword.Runs("bind", Section.Front, "<address>[,...] [<param> ...]", BindLines.Read),
        Keyword.Runs("server", Section.Back, "<name> <address>[:<port>] [<param> ...]", ServerLines.Read),
        Keyword.Runs("server-template", Section.Back, "<prefix> <n>|<a>-<b> <fqdn>:<port> [<param> ...]", ServerLines.ReadTemplate),
        Keyword.Runs("default-server", OfBack, "[<param> ...]", ServerLines.ReadDefault),
        Keyword.Runs("default_backend", OfFront, "<backend>", static s => s.Proxy.Settings.DefaultBackend = (s[0], s.PlaceOf(0))),
        Keyword.Runs("use_backend", Section.Front, "<backend> [{if|unless} <condition> ...]", UseBackendLines.Read),
        Keyword.Runs("monitor-uri", OfFront, "<uri>", static s => s.Proxy.Settings.MonitorTarget = s[0]),
        Keyword.Runs("monitor fail", Section.Front, "{if|unless} <condition> ...", static s =>
        {
            if (s[0] is not ("if" or "unless"))
            {
                s.Alert("'monitor fail' requires either 'if' or 'unless' followed by a condition.");
            }
            else if (RuleLineParser.TryCondition(s, 0, "monitor fail", out var condition))
            {
                s.Proxy.MonitorFailures.Add(condition!); // there is a word before it
            }
        }),
        Keyword.Runs("stick-table", Section.Front | Section.Back, "type <type> size <size> [<param> ...]", StickTableLines.Read),
        Keyword.Runs("balance", OfBack, "[<algorithm>] ...", BalanceLines.Read),
        Keyword.Runs("hash-type", OfBack, "{map-based|consistent} [<function>] [avalanche]", BalanceLines.ReadHashType),
        Keyword.Runs("hash-balance-factor", OfBack, "<factor>", BalanceLines.ReadFactor) with { Note = "for keys; with `balance random` it has no effect, which is warned of" },
        Keyword.Runs("hash-preserve-affinity", OfBack, "{always|maxconn|maxqueue}", BalanceLines.ReadAffinity),
        Keyword.Runs("http-reuse", OfBack, "{never|safe|aggressive|always}", Reuse),
        Keyword.Runs("maxconn", OfFront, "<conns>", MaxConnections),
        Keyword.Runs("backlog", OfFront, "<conns>", static s =>
        {
            if (s.TryInteger(0, 1, int.MaxValue, out var count))
            {
                s.Proxy.Settings.Backlog = count;
            }
        }),
        Keyword.Runs("rate-limit sessions", OfFront, "<rate>", static s =>
        {
            if (s.TryInteger(0, 0, int.MaxValue - 1, out var count))
            {
                s.Proxy.Settings.MaxSessionRate = count == 0 ? null : count;
            }
        }),
        Keyword.Runs("fullconn", OfBack, "<conns>", static s =>
        {
            if (s.TryInteger(0, 0, int.MaxValue, out var count))
            {
                s.Proxy.Settings.FullConnections = count == 0 ? null : count;
            }
        }),
        Keyword.Runs("retries", OfBack, "<value>", static s =>
        {
            if (s.TryInteger(0, 0, 100, out var count))
            {
                s.Proxy.Settings.Retries = count;
            }
        }),
        Keyword.Runs("retry-on", OfBack, "<event> ...", RetryOnWords.Read),
        Keyword.Runs("disabled", Section.Frontend | Section.Backend | Section.Listen, "", static s => s.Proxy.Settings.IsDisabled = true),
        Keyword.Runs("id", Section.Frontend | Section.Backend | Section.Listen, "<value>", Number),
        Keyword.Runs("enabled", Section.Proxies, "", static s => s.Proxy.Settings.IsDisabled = false),
        Keyword.Accepted("description", Section.Proxies, "...", "it is shown by the stats page, which is not there yet"),
        Keyword.Accepted("guid", Section.Proxies, "<name>", "nothing refers to it yet"),
        Keyword.Accepted("bind-process", Section.Proxies, "...", "there is one process, which is the program itself"),
    ];

    private static void Mode(Statement s)
    {
        if (s[0] is "health" or "log" or "spop" or "haterm")
        {
            s.Alert(0, $"'mode {s[0]}' is not supported{(s[0] == "health" ? " anymore. Use 'http-request return status 200' instead" : " yet")}.");
        }
        else if (s.TryChoice(0, out var mode, ("tcp", ProxyMode.Tcp), ("http", ProxyMode.Http)))
        {
            s.Proxy.Settings.Mode = mode;
        }
    }

    private static void Number(Statement s)
    {
        if (!s.TryInteger(0, 1, int.MaxValue, out var id))
        {
            return;
        }

        if (s.Model.Proxies.Find(p => p.Settings.Id == id && p != s.Proxy) is { } twin)
        {
            s.Alert(0, $"{s.Proxy} reuses same custom id as {twin} (declared at {twin.Place}).");
            return;
        }

        s.Proxy.Settings.Id = id;
    }

    private static void Reuse(Statement s)
    {
        if (s.TryChoice(
            0,
            out var reuse,
            ("never", ConnectionReuse.Never),
            ("safe", ConnectionReuse.Safe),
            ("aggressive", ConnectionReuse.Aggressive),
            ("always", ConnectionReuse.Always)))
        {
            s.Proxy.Settings.Reuse = reuse;
        }
    }

    private static void MaxConnections(Statement s)
    {
        // HAProxy reads the leading digits and drops the rest: '1k' would be 1, which nobody means.
        if (s[0].Length > 1 && char.IsAsciiDigit(s[0][0]) && !char.IsAsciiDigit(s[0][^1]))
        {
            s.Warning(0, $"'{s.Name} {s[0]}': sizes are not accepted here; HAProxy would take it for {LeadingDigits(s[0])}.");
        }

        if (s.TryInteger(0, 0, int.MaxValue, out var count))
        {
            s.Proxy.Settings.MaxConnections = count == 0 ? null : count;
        }
    }

    private static string LeadingDigits(string text) => new([.. text.TakeWhile(char.IsAsciiDigit)]);
}
