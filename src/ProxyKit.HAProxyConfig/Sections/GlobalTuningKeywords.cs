namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What tunes HAProxy's insides: ProxyKit has others.</summary>
internal static class GlobalTuningKeywords
{
    private static readonly string[] Pollers =
        ["busy-polling", "noepoll", "noevports", "nogetaddrinfo", "nokqueue", "nopoll", "noreuseport", "nosplice", "prealloc-fd"];

    private static readonly string[] Others = ["close-spread-time", "maxpipes", "httpclient.retries", "httpclient.timeout.connect",
        "httpclient.resolvers.disabled", "httpclient.resolvers.id", "httpclient.resolvers.prefer", "httpclient.ssl.ca-file", "httpclient.ssl.verify"];

    private static readonly string[] Tune =
    [
        "applet.zero-copy-forwarding", "buffers.limit", "buffers.reserve", "bufsize", "bufsize.large", "bufsize.small", "cli.max-payload-size", "comp.maxlevel",
        "defaults.purge", "disable-fast-forward", "disable-zero-copy-forwarding", "epoll.mask-events", "events.max-events-at-once",
        "fail-alloc", "fd.edge-triggered", "glitches.kill.cpu-usage", "h1.be.glitches-threshold", "h1.fe.glitches-threshold",
        "h1.zero-copy-fwd-recv", "h1.zero-copy-fwd-send", "h2.be.glitches-threshold", "h2.be.initial-window-size", "h2.be.max-concurrent-streams",
        "h2.be.rxbuf", "h2.fe.glitches-threshold", "h2.fe.initial-window-size", "h2.fe.max-concurrent-streams", "h2.fe.max-rst-at-once",
        "h2.fe.max-total-streams", "h2.fe.rxbuf", "h2.header-table-size", "h2.initial-window-size", "h2.log-errors", "h2.max-concurrent-streams",
        "h2.max-frame-size", "h2.zero-copy-fwd-send", "http.cookielen", "http.logurilen", "http.maxhdr", "idle-pool.shared", "idletimer",
        "listener.default-shards", "listener.multi-queue", "lua.bool-sample-conversion", "lua.burst-timeout", "lua.forced-yield", "lua.log.loggers", "lua.log.stderr",
        "lua.maxmem", "lua.service-timeout", "lua.session-timeout", "lua.task-timeout", "max-checks-per-thread", "max-rules-at-once", "maxaccept",
        "maxpollevents", "maxrewrite", "memory.hot-size", "notsent-lowat.client", "notsent-lowat.server", "pattern.cache-size",
        "peers.max-updates-at-once", "pipesize", "pool-high-fd-ratio", "pool-low-fd-ratio", "pt.zero-copy-forwarding", "quic.socket-owner",
        "rcvbuf.backend", "rcvbuf.client", "rcvbuf.frontend", "rcvbuf.server", "recv_enough", "renice.runtime", "renice.startup", "ring.queues",
        "runqueue-depth", "sched.low-latency", "sndbuf.backend", "sndbuf.client", "sndbuf.frontend", "sndbuf.server", "ssl.cachesize",
        "ssl.force-private-cache", "ssl.hard-maxrecord", "ssl.keylog", "ssl.lifetime", "ssl.maxrecord", "ssl.ssl-ctx-cache-size",
        "streams-elasticity", "takeover-other-tg-connections", "vars.global-max-size", "vars.proc-max-size", "vars.reqres-max-size",
        "vars.sess-max-size", "vars.txn-max-size", "zlib.memlevel", "zlib.windowsize",
    ];

    /// <summary>Each exchange has room for so many, if it has use for them.</summary>
    private const int MostStickCounters = 12;

    private static readonly Keyword StickCounters = Keyword.Runs("tune.stick-counters", Section.Global, "<number>", static s =>
    {
        if (s.TryInteger(0, 0, MostStickCounters, out var number))
        {
            s.Model.Global.StickCounters = number;
        }
    });

    public static IEnumerable<Keyword> All =>
        Pollers.Concat(Others).Concat(Tune.Select(static name => $"tune.{name}"))
            .Select(static name => Keyword.Accepted(name, Section.Global, "...", "it tunes the insides of HAProxy") with { HasNegation = true })
            .Append(StickCounters);
}
