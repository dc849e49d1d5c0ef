using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Exchanges;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;

namespace ProxyKit.Benchmarks.Balancing;

/// <summary>What choosing a server costs, by the number of servers, its key included where it has one. Bar: 100 ns with 10 servers, 1 µs with 1,000, no
/// allocation.</summary>
[MemoryDiagnoser]
public class PickBenchmark
{
    private readonly ReceivedExchange _exchange = new("GET /some/path/of/a/thing?id=4711 HTTP/1.1\r\nHost: www.shop.example\r\nX-Room: blue\r\n\r\n");

    // Of a client of remote desktops, the cookie within the first packet.
    private readonly RuleContext _connection = new()
    {
        Session = new RuleSession { Source = new IPEndPoint(IPAddress.Parse("10.1.2.3"), 1) },
        Received = (byte[])[3, 0, 0, 42, 37, 0xE0, 0, 0, 0, 0, 0, .. "Cookie: mstshash=somebody\r\n"u8, 1, 0, 8, 0],
    };

    private Backend _backend = null!; // the setup makes it
    private CandidateSet _set = null!; // likewise

    public static IEnumerable<string> Algorithms =>
    [
        "roundrobin", "roundrobin, weights", "static-rr", "leastconn", "leastconn, busy", "first", "first, full", "random", "peak-ewma", "sticky", "preferred",
        "source, map-based", "source, consistent", "source, bounded", "uri, map-based", "uri, consistent", "uri, bounded", "url_param, consistent", "hdr, consistent", "hash, consistent", "rdp-cookie, consistent",
    ];

    [ParamsSource(nameof(Algorithms))]
    public string Algorithm { get; set; } = "roundrobin";

    [Params(10, 1_000)]
    public int Servers { get; set; }

    private RuleContext Context => Algorithm.StartsWith("rdp", StringComparison.Ordinal) ? _connection : _exchange.Context;

    [GlobalSetup]
    public void Build()
    {
        var (name, detail) = Algorithm.Split(", ") is [var first, .. var rest] ? (first, rest.FirstOrDefault() ?? "") : default;
        var hash = detail switch { "map-based" => HashType.MapBased, "consistent" => HashType.Consistent, _ => HashType.Bounded };
        var balance = name switch
        {
            "roundrobin" => Balance.RoundRobin,
            "static-rr" => Balance.StaticRoundRobin,
            "leastconn" => Balance.LeastConnections,
            "first" => Balance.First,
            "random" => Balance.Random(),
            "peak-ewma" => Balance.PeakEwma(),
            "sticky" => Balance.Sticky,
            "source" => Balance.Source(hash),
            "uri" => Balance.Uri(hash: hash),
            "url_param" => Balance.UrlParameter("id", hash),
            "hdr" => Balance.Header("x-room", hash: hash),
            "rdp-cookie" => Balance.RdpCookie(hash: hash),
            _ => Balance.Hash(Value.Parse("req.hdr(x-room)"), hash),
        };
        var state = new BackendState();
        var servers = new Server[Servers];
        for (var i = 0; i < Servers; i++)
        {
            var options = new ServerOptions { Name = $"s{i}", Address = "127.0.0.1:1", Weight = detail == "weights" ? (i % 10) + 1 : 1, MaxConnections = detail == "full" ? 1 : null };
            servers[i] = new Server(
                "b", options, new IPEndPoint(IPAddress.Loopback, 1), null, null, new ServerState("", new IdleConnections(0, TimeSpan.Zero, TimeProvider.System), state));
        }

        _backend = new Backend(new BackendOptions { Name = "b" }, servers, state);
        state.Adopt(_backend);
        _backend.Strategy = balance.Create(new RuleCompiler { Backend = _backend, Stages = RuleStages.Balance });
        _set = _backend.Candidates;
        if (name == "preferred")
        {
            _backend.Strategy = new Preferring([.. servers.Where(static (_, i) => i % 10 == 0).Select(static s => s.Name)]);
        }

        Pick();
        for (var i = detail switch { "busy" => 10 * Servers, "full" => Servers - 1, _ => 0 }; i > 0; i--)
        {
            Pick()!.State.TryEnter(); // without limits there is always one, and with them the last one is left
        }
    }

    [Benchmark]
    public Server? Pick() => _backend.Strategy.Pick(new BalancingContext(_set, Context, null));

    /// <summary>With what an exchange does besides: a slot taken and given back, and how it went.</summary>
    [Benchmark]
    public void Pick_enter_report_leave()
    {
        var server = _backend.Pick(_backend.Candidates, Context, null)!; // without limits there is always one
        server.State.TryEnter();
        _backend.Strategy.Report(new AttemptReport { Server = server, Outcome = AttemptOutcome.Responded, Status = 200, Duration = TimeSpan.FromMilliseconds(3) });
        server.State.Leave();
    }

    /// <summary>The tenth of the servers that a tier prefers.</summary>
    private sealed class Preferring(string[] names) : IBalancingStrategy
    {
        public Server? Pick(in BalancingContext context) => PreferredServers.Pick(names, context.Set, avoid: null, failedAt: null);
    }

    private sealed class ReceivedExchange : HttpExchange
    {
        public ReceivedExchange(string head)
        {
            var bytes = Encoding.ASCII.GetBytes(head);
            var parser = new RequestHeadParser();
            parser.Start(Request, bytes, 0);
            parser.Parse(bytes.Length);
            Context = new RuleContext { Exchange = this, Request = Request, Session = new RuleSession { Source = new IPEndPoint(IPAddress.Parse("10.1.2.3"), 1) } };
        }

        public RuleContext Context { get; }

        public override string FrontendName => "public";

        public override string? BackendName => null;

        public override string? ServerName => null;
    }
}
