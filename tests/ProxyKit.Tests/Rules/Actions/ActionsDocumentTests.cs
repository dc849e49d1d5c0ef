using System.Text.RegularExpressions;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Tests.Rules.Actions;

/// <summary>The snippets of docs/actions.md, compiled, and its tables held against the code.</summary>
public sealed partial class ActionsDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "actions.md"));

    [Fact]
    public void Snippets_of_the_page_are_those_compiled_here()
    {
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Rules", "Actions", "ActionsDocumentTests.cs"));
        var compiled = string.Join('\n', here.Select(line => line.TrimStart()));

        Assert.All(Snippet().Matches(Page), snippet => Assert.Contains(
            string.Join('\n', snippet.Groups[1].Value.Split('\n').Select(line => line.TrimStart())), compiled, StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_are_written_list_by_list()
    {
        var proxy = new ProxyBuilder();

        var pong = Reply.Text("pong", "text/plain");

        proxy.AddFrontend("public", frontend => frontend
            .Bind("*:8080")
            .OnConnection(rules => rules.Reject(when: Match.Source("192.0.2.0/24")))
            .OnRequest(rules => rules
                .Deny(when: Match.Path("/internal/*"))
                .Deny(429, when: Match.Header("X-Abuse"))
                .Return(pong, when: Match.Path("/ping"))
                .Redirect(RedirectOptions.Scheme("https") with { Status = 308 }, when: !Match.Secure)
                .NormalizeUri(UriNormalization.MergeSlashes)
                .ReplacePath("^/v0/(.*)", @"/v1/\1")
                .SetHeader("X-Gateway", "proxykit"))
            .OnResponse(rules => rules.DelHeader("Server"))
            .OnAfterResponse(rules => rules.SetHeader("Strict-Transport-Security", "max-age=600"))
            .DefaultBackend("web"));

        var run = ActionRun.With(TestExchange.For("/v0//a").OverTls(), new ProxyKit.Rules.RuleCompiler())
            .Run(RulePhases.Request, [.. proxy.Build().Frontends[0].Rules.Request]);
        Assert.Equal(["GET /v1/a HTTP/1.1", "Host: a.example", "x-gateway: proxykit"], run.Request);
    }

    [Fact]
    public void Your_own_code_stands_beside_them()
    {
        var proxy = new ProxyBuilder();
        var requests = 0;
        using var audit = new StringWriter();
        var isOpen = () => false;

        var closed = Reply.Text("We are closed.", "text/plain", status: 503);

        proxy.AddFrontend("public", frontend => frontend
            .Bind("*:8080")
            .OnRequest(rules => rules
                .Run("count", exchange => Interlocked.Increment(ref requests))
                .Answer("opening hours", exchange => isOpen() ? null : closed)
                .Run("audit", async (exchange, cancellationToken) => await audit.WriteAsync(exchange.Request.Path.AsMemory(), cancellationToken)))
            .DefaultBackend("web"));

        var options = proxy.Build();
        ActionRun Run() => ActionRun.With(TestExchange.For("/a"), new ProxyKit.Rules.RuleCompiler())
            .Run(RulePhases.Request, [.. options.Frontends[0].Rules.Request]);
        Assert.Equal((RuleOutcome.Final, ""), (Run().Outcome, audit.ToString()));
        isOpen = () => true;
        Assert.Equal((RuleOutcome.Next, "/a"), (Run().Outcome, audit.ToString()));
        Assert.Equal(2, requests);
    }

    [Fact]
    public void Every_action_is_in_the_table() => Assert.All(
        typeof(RuleActions).GetMethods().Where(m => m.ReturnType == typeof(RuleAction))
            .Select(m => m.Name.Replace("get_", "", StringComparison.Ordinal)).Distinct(),
        name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    [GeneratedRegex("```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
