using Polly;
using Polly.Retry;
using Polly.Timeout;
using ProxyKit.Backends;
using ProxyKit.Resilience;
using ProxyKit.Runtime;

namespace ProxyKit.Tests.Resilience;

/// <summary>What docs/resilience.md says, held against the code.</summary>
public sealed class ResilienceDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "resilience.md"));

    [Fact]
    public void Every_setting_is_on_the_page() => Assert.All(
        typeof(HedgeOptions).GetProperties(), static property => Assert.Contains($"| `{property.Name}` |", Page, StringComparison.Ordinal));

    [Fact]
    public void The_examples_are_compiled_here()
    {
        var proxy = new ProxyBuilder();
        proxy.AddBackend("search", backend => backend
            .Hedge(hedge => hedge.After(TimeSpan.FromMilliseconds(150)).MaxAttempts(2).MaxShare(0.1))
            .AddServer("s1", "10.0.0.1:8080")
            .AddServer("s2", "10.0.0.2:8080"));
        proxy.AddBackend("api", backend => backend
            .Resilience(pipeline => pipeline
                .AddRetry(new RetryStrategyOptions<UpstreamResult>
                {
                    MaxRetryAttempts = 2,
                    Delay = TimeSpan.FromMilliseconds(50),
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = new PredicateBuilder<UpstreamResult>()
                        .Handle<TimeoutRejectedException>()
                        .HandleResult(result => result is { IsFailure: true, MayRepeat: true }),
                })
                .AddTimeout(TimeSpan.FromSeconds(2)))
            .AddServer("a1", "10.0.0.1:8080")
            .AddServer("a2", "10.0.0.2:8080"));
        proxy.AddFrontend("public", static frontend => frontend.Bind("127.0.0.1:0").Route(Match.Path("/api/*"), to: "api").DefaultBackend("search"));

        Assert.Empty(Proxy.Check(proxy.Build()));
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Resilience", "ResilienceDocumentTests.cs"));
        var compiled = string.Join('\n', here.Select(static line => line.Trim()));
        Assert.All(
            Page.Split("```csharp\n").Skip(1).Select(static part => part.Split("```")[0]),
            example => Assert.Contains(string.Join('\n', example.Trim().Split('\n').Select(static line => line.Trim())), compiled, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused_with_their_place()
    {
        var proxy = new ProxyBuilder()
            .AddBackend("b", static b => b.Hedge(static h => h.After(TimeSpan.Zero).MaxAttempts(1).MaxShare(0)).AddServer("s", "127.0.0.1:1"))
            .AddBackend("t", static b => b.Mode(ProxyMode.Tcp).Hedge().Resilience(static _ => { }).AddServer("s", "127.0.0.1:1"));

        Assert.Equal(
            [
                "backend \"b\" > Hedge > MaxAttempts: 1 is out of range (2-5).",
                "backend \"b\" > Hedge > After: 00:00:00 is out of range (more than 0, at most 24.8 days).",
                "backend \"b\" > Hedge > MaxShare: 0 is out of range (above 0, up to 1).",
                "backend \"t\" > Resilience: is about requests, of which TCP mode has none.",
                "backend \"t\" > Hedge: is about requests, of which TCP mode has none.",
            ],
            ProxyOptionsValidator.Validate(proxy.Build()).Where(static f => f.StartsWith("backend", StringComparison.Ordinal)));
    }

    [Fact]
    public void Answer_that_depends_on_the_request_is_refused_where_it_is_given() =>
        Assert.Throws<InvalidOperationException>(static () => UpstreamResult.AnswerWith(Reply.Text("a", "text/plain").WithHeader("X-A", Value.Parse("path"))));
}
