using ProxyKit.Checks;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of servers about their health.</summary>
internal static class ServerHealthKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Runs("check", "", static s => s.Server.Health.IsChecked = true),
        Runs("no-check", "", static s => s.Server.Health.IsChecked = false),
        Time("inter", static (h, time) => h.Interval = time),
        Time("fastinter", static (h, time) => h.FastInterval = time),
        Time("downinter", static (h, time) => h.DownInterval = time),
        Count("rise", "'rise' has to be > 0", static (h, count) => h.Rise = count),
        Count("fall", "'fall' has to be > 0", static (h, count) => h.Fall = count),
        Runs("port", "<port>", static s =>
        {
            if (s.TryInteger(0, 0, 65535, out var port))
            {
                s.Server.Health.Port = port == 0 ? null : port; // 0 stands for none, as in HAProxy
            }
        }),
        Runs("addr", "<addr>[:<port>]", static s =>
        {
            if (CheckStepWords.TryAddress(s, 0, out var address, out var port))
            {
                s.Server.Health.Address = address;
                s.Server.Health.Port = port ?? s.Server.Health.Port;
            }
        }),
        Runs("check-ssl", "", static s => s.Server.Health.UsesTls = true),
        Runs("no-check-ssl", "", static s => s.Server.Health.UsesTls = false),
        Runs("check-send-proxy", "", static s => s.Server.Health.SendsProxyHeader = true),
        Runs("no-check-send-proxy", "", static s => s.Server.Health.SendsProxyHeader = false),
        Runs("check-via-socks4", "", static s => s.Server.Health.GoesBySocks4 = true),
        Runs("check-alpn", "<protocols>", static s =>
        {
            if (s[0] != "http/1.1")
            {
                s.Alert(0, $"'check-alpn {s[0]}' is not supported yet: checks speak HTTP/1.");
                return;
            }

            s.Server.Health.Protocols = [s[0]];
            s.Server.Health.TlsWord ??= (s.Name, s.Place);
        }),
        Runs("check-proto", "<name>", static s =>
        {
            if (s[0] != "h1")
            {
                s.Alert(0, $"'check-proto {s[0]}' is not supported yet: checks speak HTTP/1.");
            }
        }),
        Runs("check-sni", "<sni>", static s =>
        {
            s.Server.Health.HostName = s[0];
            s.Server.Health.TlsWord ??= (s.Name, s.Place);
        }),
        Runs("agent-check", "", static s => s.Server.Health.HasAgent = true),
        Runs("no-agent-check", "", static s => s.Server.Health.HasAgent = false),
        Runs("agent-port", "<port>", static s =>
        {
            if (s.TryInteger(0, 0, 65535, out var port))
            {
                s.Server.Health.AgentPort = port == 0 ? null : port;
            }
        }),
        Runs("agent-addr", "<addr>", static s =>
        {
            if (CheckStepWords.HasPort(s[0]))
            {
                s.Alert(0, $"'{s.Name}' : parsing agent-addr failed. Check if '{s[0]}' is correct address.");
            }
            else if (CheckStepWords.TryAddress(s, 0, out var address, out _))
            {
                s.Server.Health.AgentAddress = address;
            }
        }),
        Time("agent-inter", static (h, time) => h.AgentInterval = time),
        Runs("agent-send", "<string>", static s => s.Server.Health.AgentSend = s[0]),
        Runs("healthcheck", "<name>", static s => s.Server.Health.Section = (s[0], s.PlaceOf(0))),
        Runs("track", "[<backend>/]<server>", static s => s.Server.Health.Track = (s[0], s.PlaceOf(0))),
        Runs("observe", "{none|layer4|layer7}", Observe),
        Count("error-limit", "error-limit has to be > 0", static (h, count) => h.ErrorLimit = count),
        Runs("on-error", "{fastinter|fail-check|sudden-death|mark-down}", React),
        Runs("on-marked-down", "shutdown-sessions", static s => Only(s, "shutdown-sessions", static h => h.CutsSessionsWhenDown = true)),
        Runs("on-marked-up", "shutdown-backup-sessions", static s => Only(s, "shutdown-backup-sessions", static h => h.CutsBackupSessionsWhenUp = true)),
        Runs("init-state", "{fully-up|up|down|fully-down|none}", static s =>
        {
            if (s.TryChoice(
                0,
                out var state,
                ("fully-up", InitialServerState.FullyUp),
                ("up", InitialServerState.Up),
                ("down", InitialServerState.Down),
                ("fully-down", InitialServerState.FullyDown),
                ("none", InitialServerState.Up)))
            {
                s.Server.Health.Initial = state;
            }
        }),
        Runs("disabled", "", static s => s.Server.Health.IsDisabled = true),
        Runs("enabled", "", static s => s.Server.Health.IsDisabled = false),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Server, arguments, run);

    private static Keyword Time(string name, Action<ServerHealthSettings, TimeSpan> set) => Runs(name, "<delay>", s =>
    {
        if (!s.TryTime(0, out var time))
        {
            return;
        }

        if (time < TimeSpan.FromMilliseconds(1))
        {
            s.Alert(0, $"invalid value {(int)time.TotalMilliseconds} for argument '{name}'.");
        }
        else
        {
            set(s.Server.Health, time);
        }
    });

    private static Keyword Count(string name, string fault, Action<ServerHealthSettings, int> set) => Runs(name, "<count>", s =>
    {
        if (!s.TryInteger(0, int.MinValue, int.MaxValue, out var count))
        {
            return;
        }

        if (count < 1)
        {
            s.Alert(0, $"{fault}.");
        }
        else
        {
            set(s.Server.Health, count);
        }
    });

    private static void Only(Statement s, string word, Action<ServerHealthSettings> set)
    {
        if (s[0] == word)
        {
            set(s.Server.Health);
        }
        else
        {
            s.Alert(0, $"'{s.Name}' expects '{word}' but got '{s[0]}'.");
        }
    }

    private static void Observe(Statement s)
    {
        if (s[0] is not ("none" or "layer4" or "layer7"))
        {
            s.Alert(0, $"'{s.Name}' expects one of 'none', 'layer4', 'layer7' but got '{s[0]}'.");
            return;
        }

        s.Server.Health.Observed = s[0] switch
        {
            "layer4" => ObservedLayer.Connections,
            "layer7" => ObservedLayer.Responses,
            _ => null,
        };
    }

    private static void React(Statement s)
    {
        ErrorReaction? reaction = s[0] switch
        {
            "fastinter" => ErrorReaction.CheckSooner,
            "fail-check" => ErrorReaction.FailCheck,
            "sudden-death" => ErrorReaction.SuddenDeath,
            "mark-down" => ErrorReaction.MarkDown,
            _ => null,
        };
        if (reaction is null)
        {
            s.Alert(0, $"'{s.Name}' expects one of 'fastinter', 'fail-check', 'sudden-death' or 'mark-down' but got '{s[0]}'.");
            return;
        }

        s.Server.Health.Reaction = reaction;
    }
}
