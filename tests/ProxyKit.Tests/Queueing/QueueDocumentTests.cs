using ProxyKit.Backends;
using ProxyKit.Queueing;
using ProxyKit.Runtime;

namespace ProxyKit.Tests.Queueing;

/// <summary>What docs/queues.md says, held against the code.</summary>
public sealed class QueueDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "queues.md"));

    [Fact]
    public void Every_setting_is_on_the_page() => Assert.All(
        typeof(QueueOptions).GetProperties(), static property => Assert.Contains($"`{property.Name}`", Page, StringComparison.Ordinal));

    [Fact]
    public void The_examples_are_compiled_here()
    {
        var proxy = new ProxyBuilder();
        proxy.AddBackend("models", backend => backend
            .Balance(Balance.LeastConnections)
            .Queue(queue => queue
                .Timeout(TimeSpan.FromSeconds(5))
                .Max(500)
                .FairBy(Value.Parse("req.hdr(x-tenant)"))
                .DropLate()
                .RetryAfter())
            .AddServer("gpu1", "10.0.0.1:8000", server => server.MaxConnections(32))
            .AddServer("gpu2", "10.0.0.2:8000", server => server.MaxConnections(least: 8, most: 32).MaxQueue(50)));
        proxy.AddFrontend("public", frontend =>
        {
            frontend.OnRequest(rules => rules
                .Add(RuleActions.SetPriorityClass(100))
                .Add(RuleActions.SetPriorityClass(10), when: Match.PathSuffix(".png"))
                .Add(RuleActions.SetPriorityClass(1), when: Match.PathSuffix(".css")));
            frontend.Bind("127.0.0.1:0").DefaultBackend("models");
        });

        Assert.Empty(Proxy.Check(proxy.Build()));
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Queueing", "QueueDocumentTests.cs"));
        var compiled = string.Join('\n', here.Select(static line => line.Trim()));
        Assert.All(
            Page.Split("```csharp\n").Skip(1).Select(static part => part.Split("```")[0]),
            example => Assert.Contains(string.Join('\n', example.Trim().Split('\n').Select(static line => line.Trim())), compiled, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused_with_their_place()
    {
        var proxy = new ProxyBuilder()
            .AddFrontend("f", f => f.Bind("127.0.0.1:0", static b => b.MaxConnections(0)).DefaultBackend("b").MaxSessionRate(0))
            .AddBackend("b", static b => b
                .FullConnections(0)
                .Queue(static q => q.Max(0))
                .Configure(static o => o.Queue.FairWeight = Value.Parse("int(2)"))
                .AddServer("s", "127.0.0.1:1", static s => s.LimitSockets()))
            .AddBackend("t", static b => b.Mode(ProxyMode.Tcp).Queue(static q => q.RetryAfter()).AddServer("s", "127.0.0.1:1"));

        Assert.Equal(
            [
                "backend \"b\" > FullConnections: 0 is out of range (1 or more).",
                "backend \"b\" > Queue > FairWeight: needs FairBy.",
                "backend \"b\" > Queue > Max: 0 is out of range (1 or more).",
                "backend \"b\" > server \"s\" > LimitsSockets: needs MaxConnections.",
                "backend \"t\" > Queue > TellsRetryAfter: is for HTTP only.",
                "frontend \"f\" > MaxSessionRate: 0 is out of range (1-2147483646).",
                "frontend \"f\" > bind \"1\" > MaxConnections: 0 is out of range (1 or more).",
            ],
            ProxyOptionsValidator.Validate(proxy.Build()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Key_that_cannot_be_asked_in_a_backend_is_refused_with_its_place()
    {
        var proxy = new ProxyBuilder()
            .AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b"))
            .AddBackend("b", static b => b.Queue(static q => q.FairBy(Value.Parse("res.hdr(x)"), Value.Parse("srv_conn(none/s)"))).AddServer("s", "127.0.0.1:1"));

        var faults = Proxy.Check(proxy.Build());

        Assert.Equal(2, faults.Count);
        Assert.StartsWith("backend \"b\" > Queue > FairBy > ", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("backend \"b\" > Queue > FairWeight > ", faults[1], StringComparison.Ordinal);
    }
}
