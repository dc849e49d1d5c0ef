using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Resolvers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What stands in <c>global</c>, performance tuning apart.</summary>
internal static class GlobalKeywords
{
    private const string OfProcess = "the program that ProxyKit runs in sees to it";
    /// <summary>Why nobody writes the state of servers to a file.</summary>
    public const string StateStays = "what is known of servers outlives reloads as it is";

    private const string OfThreads = "the .NET thread pool shares out the processors";

    public static IEnumerable<Keyword> All =>
    [
        Runs("maxconn", "<number>", static s =>
        {
            if (s.TryInteger(0, 0, int.MaxValue, out var count))
            {
                s.Model.Global.MaxConnections = count == 0 ? null : count;
            }
        }),
        Runs("hard-stop-after", "<time>", static s =>
        {
            if (s.TryTime(0, out var time))
            {
                s.Model.Global.HardStopAfter = time;
            }
        }),
        Runs("setenv", "<name> <value>", static s => s.Variables.Set(s[0], s[1])) with { HoldsSecret = true }, // it may be one
        Runs("presetenv", "<name> <value>", static s => s.Variables.SetIfAbsent(s[0], s[1])) with { HoldsSecret = true },
        Runs("unsetenv", "<name> ...", static s =>
        {
            foreach (var name in s.Arguments)
            {
                s.Variables.Unset(name.Text);
            }
        }),
        Runs("resetenv", "[<name> ...]", static s => s.Variables.Reset([.. s.Arguments.Select(static a => a.Text)])),
        .. GlobalVariableKeywords.All,
        .. GlobalProtocolKeywords.All,
        DefaultPathKeyword.DefaultPath,
        UnixSocketKeywords.OfGlobal,
        Runs("crt-base", "<dir>", static s => s.Model.Global.CertificateDirectory = s[0]),
        Runs("key-base", "<dir>", static s => s.Model.Global.KeyDirectory = s[0]),
        Runs("ca-base", "<dir>", static s => s.Model.Global.AuthorityDirectory = s[0]),
        Runs("ssl-server-verify", "{none|required}", static s =>
        {
            if (s.TryChoice(0, out var verifies, ("none", false), ("required", true)))
            {
                s.Model.Global.VerifiesServers = verifies;
            }
        }),
        .. TlsKeywords.OfGlobal,
        Runs("spread-checks", "<percent>", static s =>
        {
            if (int.TryParse(s[0], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 50)
            {
                s.Model.Global.CheckSpread = percent;
            }
            else
            {
                s.Alert(0, "'spread-checks' needs a positive value in range 0..50.");
            }
        }),
        Runs("dns-accept-family", "{auto|ipv4|ipv6|ipv4,ipv6}", static s =>
        {
            if (s.TryChoice(
                0,
                out var accepted,
                ("auto", AcceptedAddresses.All),
                ("ipv4", AcceptedAddresses.IPv4),
                ("ipv6", AcceptedAddresses.IPv6),
                ("ipv4,ipv6", AcceptedAddresses.All),
                ("ipv6,ipv4", AcceptedAddresses.All)))
            {
                s.Model.Global.AcceptedAddresses = accepted;
            }
        }) with { Note = "of looked-up servers and `do-resolve`; `auto` takes both, and does not try whether IPv6 leads anywhere" },
        Runs("max-spread-checks", "<delay>", static s =>
        {
            if (s.TryTime(0, out var time))
            {
                s.Model.Global.MaxCheckSpread = time > TimeSpan.Zero ? time : null;
            }
        }),
        Runs("external-check", "[preserve-env]", static s =>
        {
            if (s.Count > 0)
            {
                s.Alert(0, $"'{s.Name} {s[0]}' is not supported: programs get the variables of the check and no others.");
            }

            s.Model.Global.AllowsExternalChecks = true;
        }),
        Runs("node", "<name>", static s =>
        {
            if (s[0].Length > 0 && s[0].All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            {
                s.Model.Global.NodeName = s[0];
            }
            else
            {
                s.Alert(0, $"'node' expects a name of letters, digits, dots, hyphens and underscores (got '{s[0]}').");
            }
        }) with { Note = "in what `http-check send-state` tells servers" },
        Runs("zero-warning", "", static s => s.Model.Global.RefusesWarnings = true),
        .. Accepted(OfProcess, "chroot", "daemon", "fd-hard-limit", "gid", "group", "insecure-fork-wanted", "insecure-setuid-wanted", "pidfile",
            "set-dumpable", "strict-limits", "uid", "ulimit-n", "user"),
        .. Accepted(OfThreads, "cpu-affinity", "cpu-map", "cpu-policy", "cpu-set", "nbthread", "numa-cpu-mapping", "thread-group", "thread-groups", "thread-hard-limit"),
        .. Accepted("there is one process, which is the program itself", "master-worker", "mworker-max-reloads", "nbproc"),
        .. Accepted("messages go to whom the program hands them", "quiet"),
        .. Accepted("all keywords that run may be used", "expose-deprecated-directives", "expose-experimental-directives"),
        .. Accepted("it is shown by what ProxyKit does not have", "cluster-secret", "description"),
        Keyword.Accepted(
            "localpeer", Section.Global, "<name>", "it is what HAPROXY_LOCALPEER stands for from there on, and names no peer, as there are none",
            static s => s.Variables.Set("HAPROXY_LOCALPEER", s[0])),
        .. Accepted("it is about QUIC, which ProxyKit does not speak", "harden.reject-privileged-ports.quic", "limited-quic", "no-quic"),
        .. Accepted("it is about HTTP/2, which ProxyKit does not speak", "h2-workaround-bogus-websocket-clients"),
        .. Accepted("it is for finding faults in HAProxy itself", "anonkey", "debug.counters", "profiling.memory", "profiling.tasks", "warn-blocked-traffic-after"),
        .. Refused(null, "acme.scheduler", "grace", "maxcomprate", "maxcompcpuusage"),
        .. Refused("tell devices apart by a fetch of your own in C#", "51degrees-data-file", "deviceatlas-json-file", "wurfl-data-file"),
        .. Refused("counters begin anew with the process", "shm-stats-file", "shm-stats-file-max-objects", "stats-file"),
        .. Refused("OpenSSL goes by openssl.cnf alone in .NET", "ssl-engine", "ssl-mode-async", "ssl-propquery", "ssl-provider", "ssl-provider-path", "ssl-security-level"),
        .. Refused("a configuration alone runs no program, and keys with a passphrase are not read: take it off", "ssl-passphrase-cmd"),
        .. Refused(StateStays, "server-state-base", "server-state-file"),
        .. Refused("the stats socket and page come with a later version", "stats"),
        .. Refused("write fetches, converters and actions in C#", "lua-load", "lua-load-per-thread", "lua-prepend-path"),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Global, arguments, run);

    private static IEnumerable<Keyword> Accepted(string note, params string[] names) =>
        names.Select(name => Keyword.Accepted(name, Section.Global, "...", note) with { HasNegation = true });

    private static IEnumerable<Keyword> Refused(string? note, params string[] names) =>
        names.Select(name => Keyword.Refused(name, Section.Global, "...", note));
}
