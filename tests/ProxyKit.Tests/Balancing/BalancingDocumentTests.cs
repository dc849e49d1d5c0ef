using System.Reflection;
using System.Text.RegularExpressions;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Balancing;

/// <summary>The snippets of docs/balancing.md, compiled, and what the page says of them.</summary>
public sealed partial class BalancingDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "balancing.md"));

    [Fact]
    public void Snippets_of_the_page_are_those_compiled_here_or_in_the_sample()
    {
        string[] sources =
        [
            RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Balancing", "BalancingDocumentTests.cs"),
            RepositoryTree.PathOf("samples", "CustomBalancing", "Program.cs"),
        ];
        var compiled = string.Join('\n', sources.SelectMany(File.ReadAllLines).Select(static line => line.TrimStart()));

        Assert.All(Snippet().Matches(Page), snippet =>
        {
            var lines = snippet.Groups[1].Value.Split('\n').Select(static line => line.TrimStart());
            Assert.Contains(string.Join('\n', lines), compiled, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Algorithms_of_the_page_are_all_that_Balance_has()
    {
        var members = typeof(Balance).GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

        Assert.All(
            members.Where(static member => member is not MethodInfo { IsSpecialName: true }),
            static member => Assert.Contains($"| `Balance.{member.Name}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Example_says_what_it_reads()
    {
        var proxy = new ProxyBuilder();

        proxy.AddBackend("api", b => b
            .Balance(Balance.LeastConnections)
            .AddServer("api1", "10.0.1.1:8080", server => server.Weight(2).SlowStart(TimeSpan.FromSeconds(30)))
            .AddServer("api2", "10.0.1.2:8080"));

        proxy.AddBackend("chat", b => b
            .Balance(Balance.Hash(Value.Parse("req.hdr(x-room),lower")))
            .AddServer("c1", "10.0.2.1:8080")
            .AddServer("c2", "10.0.2.2:8080"));

        proxy.AddBackend("images", b => b
            .Balance(Balance.Uri(depth: 2, pathOnly: true, hash: HashType.Consistent with { Function = HashFunction.Crc32 }))
            .AddServer("i1", "10.0.3.1:8080")
            .AddServer("i2", "10.0.3.2:8080"));

        Assert.Equal(
            ["leastconn ", "hash req.hdr(x-room),lower 125", "uri path-only depth 2 "],
            proxy.Build().Backends.Select(static b => $"{b.Balance} {b.Balance.Description.HashType?.BalanceFactor}"));
    }

    [Fact]
    public async Task Strategy_is_tested_with_small_servers()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var cheap = WireOrigin.Start(static exchange => exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Length: 0", "", ""));
        await using var dear = WireOrigin.Start(static exchange => exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Length: 0", "", ""));
        var strategy = new ByName();

        await using var proxy = Proxy.Create(p => p
            .AddFrontend("f", f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
            .AddBackend("b", b => b.Balance(strategy).AddServer("cheap", cheap.Address).AddServer("dear", dear.Address)));
        await proxy.StartAsync(cancellation);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{proxy.EndPoints[0]}") };
        for (var i = 0; i < 4; i++)
        {
            await client.GetStringAsync("/", cancellation);
        }

        Assert.Equal(4, proxy.GetServers("b").Single(s => s.Name == "cheap").TotalRequests);
        Assert.Equal(4, strategy.Reports);
    }

    [GeneratedRegex("```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    private sealed class ByName : IBalancingStrategy
    {
        private int _reports;

        public int Reports => Volatile.Read(ref _reports);

        public Server? Pick(in BalancingContext context) => context.Candidates[0];

        public void Report(in AttemptReport report) => Interlocked.Add(ref _reports, report is { Outcome: AttemptOutcome.Responded, Status: 200 } ? 1 : 100);
    }
}
