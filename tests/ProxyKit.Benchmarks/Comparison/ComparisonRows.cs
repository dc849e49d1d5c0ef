using ProxyKit.Benchmarks.Proxies;
using ProxyKit.Benchmarks.Workloads;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>Every row of the comparison.</summary>
internal static class ComparisonRows
{
    private const int IdleConnections = 10_000;
    private const int IdleTlsConnections = 2_000;

    private static readonly HaproxyUnderTest Haproxy = new();
    private static readonly NginxUnderTest Nginx = new();
    private static readonly YarpUnderTest Yarp = new(isTuned: false);
    private static readonly YarpUnderTest YarpTuned = new(isTuned: true);
    private static readonly ProxyKitUnderTest ProxyKit = new(usesEventLoops: true);
    private static readonly ProxyKitUnderTest Embedded = new(usesEventLoops: false);

    private static readonly ProxyShape Http = new(ProxyProtocol.Http);
    private static readonly ProxyShape Tls = new(ProxyProtocol.Tls);
    private static readonly ProxyShape TlsWithoutResumption = new(ProxyProtocol.TlsWithoutResumption);
    private static readonly ProxyShape Tcp = new(ProxyProtocol.Tcp);

    public static IReadOnlyList<IProxyUnderTest> Proxies { get; } = [Haproxy, Nginx, Yarp, YarpTuned, ProxyKit, Embedded];

    public static IReadOnlyList<ComparisonRow> All { get; } =
    [
        Cpu("keepalive-100", "HTTP/1.1 keep-alive, 100 B", Http, new WrkRequest("/100"), Bars.KeepAlive100B),
        Cpu("keepalive-10k", "keep-alive, 10 KiB", Http, new WrkRequest("/10240"), Bars.KeepAlive10KiB),
        Cpu("keepalive-1m", "keep-alive, 1 MiB", Http, new WrkRequest("/1048576"), Bars.KeepAlive1MiB),
        Cpu("new-connection", "new client connection per request, 100 B",
            Http, new WrkRequest("/100", ClosesConnection: true), Bars.NewConnection),
        Cpu("tls-keepalive", "TLS keep-alive, 100 B", Tls, new WrkRequest("/100"), Bars.TlsKeepAlive),
        Cpu("tls-handshake", "TLS, new connection and full handshake per request, 100 B",
            TlsWithoutResumption, new WrkRequest("/100", ClosesConnection: true), Bars.TlsHandshake),
        Cpu("tcp-100", "TCP mode, 100 B exchanges", Tcp, new WrkRequest("/100"), Bars.Tcp),
        new("allocated", "allocated per warm keep-alive request", () => new AllocatedPerRequest(), Bars.Allocated,
            [new("ProxyKit", ProxyKit, Http)]),
        new("idle", $"memory per idle client connection, of {IdleConnections:N0}",
            () => new MemoryPerIdleConnection(IdleConnections), Bars.IdleConnection, Everyone(Http)),
        new("idle-tls", $"memory per idle client connection over TLS, of {IdleTlsConnections:N0}",
            () => new MemoryPerIdleConnection(IdleTlsConnections), Bars.IdleTlsConnection, Everyone(Tls)),
        // Without YARP, of whose capacity half of HAProxy's is too large a share.
        new("p99", "p99 latency at half of HAProxy's capacity, 100 B", () => new LatencyAtPace(), Bars.Latency,
            [new("HAProxy", Haproxy, Http), new("nginx", Nginx, Http), new("ProxyKit", ProxyKit, Http), new("embedded", Embedded, Http)]),
        Size("routes", "1 host route", 1_000, "host routes", count => new ProxyShape(ProxyProtocol.Http, HostRoutes: count)),
        Size("backends", "1 backend", 500, "backends", count => new ProxyShape(ProxyProtocol.Http, HostRoutes: count, Backends: count)),
        new("breaker", "no circuit breaker against one, keep-alive, 100 B", () => new CpuPerRequest(new WrkRequest("/100")),
            Bars.Breaker("a breaker", "no breaker"), [new("no breaker", ProxyKit, Http), new("a breaker", ProxyKit, Http with { HasBreaker = true })]),
        Rules("rules", RuleKind.Rules, "rules", 0, 10, Bars.TenRules),
        Rules("acl-str", RuleKind.AclExact, "paths in an ACL", 10, 1_000, Bars.Size),
        Rules("acl-beg", RuleKind.AclPrefix, "prefixes in an ACL", 10, 1_000, Bars.Size),
        Rules("acl-ip", RuleKind.AclAddress, "networks in an ACL", 10, 1_000, Bars.Size),
        Rules("acl-reg", RuleKind.AclRegex, "regular expressions in an ACL", 10, 1_000, Bars.Size),
        Rules("map-str", RuleKind.MapExact, "paths in a map", 10, 100_000, Bars.Size),
        Rules("map-beg", RuleKind.MapPrefix, "prefixes in a map", 10, 100_000, Bars.Size),
        Rules("stick-table", RuleKind.StickTable, "entries in a stick table", 1, 10_000, Bars.Size),
    ];

    private static ComparisonRow Cpu(string name, string title, ProxyShape shape, WrkRequest request, Bar bar) =>
        new(name, title, () => new CpuPerRequest(request), bar, Everyone(shape));

    private static Contender[] Everyone(ProxyShape shape) =>
        [.. Proxies.Where(proxy => proxy.CanRun(shape)).Select(proxy => new Contender(proxy.Name, proxy, shape))];

    /// <summary>Few things in the rules against many, for HAProxy and ProxyKit with the same haproxy.cfg.</summary>
    private static ComparisonRow Rules(string name, RuleKind kind, string things, int few, int many, Func<string, string, Bar> bar)
    {
        return new ComparisonRow(name, $"{few:N0} against {many:N0} {things}, keep-alive, 100 B", () => new CpuPerRequest(new WrkRequest("/100")),
            bar(Named(ProxyKit, many), Named(ProxyKit, few)),
            [.. from proxy in new IProxyUnderTest[] { Haproxy, ProxyKit }
                from count in new[] { few, many }
                select new Contender(Named(proxy, count), proxy, new ProxyShape(ProxyProtocol.Http, Rules: new RuleWork(kind, count)))]);

        string Named(IProxyUnderTest proxy, int count) => $"{proxy.Name}, {count:N0}";
    }

    /// <summary>One thing in ProxyKit's configuration against many; in both cases the last one is asked for.</summary>
    private static ComparisonRow Size(string name, string one, int count, string things, Func<int, ProxyShape> shape)
    {
        var many = $"{count:N0} {things}";
        return new ComparisonRow(name, $"{one} against {many}, keep-alive, 100 B", () => new CpuPerRequest(new WrkRequest("/100")),
            Bars.Size(many, one), [new(one, ProxyKit, shape(1)), new(many, ProxyKit, shape(count))]);
    }
}
