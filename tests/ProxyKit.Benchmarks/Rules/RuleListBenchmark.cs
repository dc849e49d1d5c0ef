using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using ProxyKit.Benchmarks.Proxies;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Benchmarks.Rules;

/// <summary>What the ten rules of the comparison's row cost: all, and each, over reading the head anew, which undoes what they have changed.</summary>
[MemoryDiagnoser]
public class RuleListBenchmark
{
    private static readonly byte[] Head = Encoding.ASCII.GetBytes("GET /100 HTTP/1.1\r\nHost: h0.example\r\n\r\n");

    private readonly ReceivedExchange _exchange = new();
    private RuleList? _rules;

    /// <summary>"none", "all", or the index of one.</summary>
    [Params("none", "all", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")]
    public string Rules { get; set; } = "none";

    [GlobalSetup]
    public void Compile()
    {
        string[] lines = [.. new RuleWork(RuleKind.Rules, 10).Lines("")];
        var chosen = Rules switch
        {
            "none" => [],
            "all" => lines,
            var index => [lines[int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)]],
        };
        var text = $"""
            defaults
                mode http
                timeout client 1s
                timeout server 1s
                timeout connect 1s
            frontend public
                bind 127.0.0.1:1
                {string.Join("\n    ", chosen)}
                default_backend web
            backend web

            """;
        var frontend = HAProxyConfiguration.Parse(text).GetOptionsOrThrow().Frontends[0];
        _rules = RuleList.Compile(frontend.Rules.Request, RulePhases.Request, new RuleCompiler { Stages = RuleStages.FrontendRequest },
            static (_, fault) => throw new InvalidOperationException(fault));
    }

    [Benchmark]
    public bool Run()
    {
        _exchange.Receive(Head);
        var index = 0;
        return _rules is null || _rules.Run(_exchange.Context, ref index) == RuleOutcome.Next;
    }

    private sealed class ReceivedExchange : HttpExchange
    {
        private readonly RequestHeadParser _parser = new();

        public ReceivedExchange() => Context = new RuleContext
        {
            Exchange = this,
            Request = Request,
            Session = new RuleSession { Source = new IPEndPoint(IPAddress.Loopback, 1_000) },
        };

        public RuleContext Context { get; }

        public override string FrontendName => "public";

        public override string? BackendName => null;

        public override string? ServerName => null;

        public void Receive(byte[] head)
        {
            _parser.Start(Request, head, 0);
            _parser.Parse(head.Length);
            Context.TransactionVariables.Clear();
        }
    }
}
