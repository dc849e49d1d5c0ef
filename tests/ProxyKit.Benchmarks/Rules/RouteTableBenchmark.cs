using System.Text;
using BenchmarkDotNet.Attributes;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;

namespace ProxyKit.Benchmarks.Rules;

/// <summary>What finding the route of a request costs, by the number of routes; the request's is the last one declared.</summary>
[MemoryDiagnoser]
public class RouteTableBenchmark
{
    private readonly RuleContext _context = new ReceivedExchange(
        "GET /api/p7/items/42?page=2 HTTP/1.1\r\nHost: h7.shop.example:8080\r\nAccept: */*\r\n\r\n").Context;

    private Condition[] _routes = [];
    private RouteTable _hosts = new([]), _wildcardHosts = new([]), _paths = new([]), _prefixes = new([]), _hostsAndPaths = new([]);

    [Params(1, 100, 1_000)]
    public int Routes { get; set; }

    [GlobalSetup]
    public void BuildTables()
    {
        _routes = [.. Each(i => Match.Host($"h{i}.shop.example"))];
        _hosts = new(_routes);
        _wildcardHosts = new([.. Each(i => Match.Host($"*.d{i}.example")).SkipLast(1), Match.Host("*.shop.example")]);
        _paths = new([.. Each(i => Match.Path($"/api/p{i}/*"))]);
        _prefixes = new([.. Each(i => Match.PathPrefix($"/API/P{i}/", ignoreCase: true))]);
        _hostsAndPaths = new([.. Each(i => Match.Host($"h{i}.shop.example") & Match.Path($"/api/p{i}/*"))]);
    }

    [Benchmark(Baseline = true)]
    public int Asking_every_route_in_turn()
    {
        for (var i = 0; i < _routes.Length; i++)
        {
            if (_routes[i].Evaluate(_context) == Truth.True)
            {
                return i;
            }
        }

        return -1;
    }

    [Benchmark]
    public int By_host() => _hosts.Find(_context);

    [Benchmark]
    public int By_wildcard_host() => _wildcardHosts.Find(_context);

    [Benchmark]
    public int By_path_segments() => _paths.Find(_context);

    [Benchmark]
    public int By_path_prefix_in_any_case() => _prefixes.Find(_context);

    [Benchmark]
    public int By_host_and_path() => _hostsAndPaths.Find(_context);

    /// <summary>A condition for each route; the last one is that of the request.</summary>
    private IEnumerable<Condition> Each(Func<int, Condition> condition) =>
        Enumerable.Range(10, Routes - 1).Append(7).Select(condition);

    private sealed class ReceivedExchange : HttpExchange
    {
        public ReceivedExchange(string head)
        {
            var bytes = Encoding.ASCII.GetBytes(head);
            var parser = new RequestHeadParser();
            parser.Start(Request, bytes, 0);
            parser.Parse(bytes.Length);
            Context = new RuleContext { Exchange = this, Request = Request };
        }

        public RuleContext Context { get; }

        public override string FrontendName => "public";

        public override string? BackendName => null;

        public override string? ServerName => null;
    }
}
