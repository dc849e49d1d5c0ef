using ProxyKit.Rules.Actions;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

/// <summary>Edits of the request line that would give it another meaning, or two.</summary>
public sealed class TargetFailureTests
{
    private static void FailsAndChangesNothing(string line, RuleAction action)
    {
        string[] head = [line, "Host: good.example"];
        var run = ActionRun.OnRequest(TestExchange.Of(head), action);

        Assert.Equal((RuleOutcome.Final, VerdictKind.Failure, 500), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
        Assert.Equal(head, run.Request);

        var lenient = ActionRun.OnRequest(TestExchange.Of(head), RuleActions.StrictMode(false), action);
        Assert.Equal((RuleOutcome.Next, 1), (lenient.Outcome, lenient.Context.FailedRewrites));
        Assert.Equal(head, lenient.Request);
    }

    [Theory]
    [InlineData("http://good.example/api/.evil.example/x")]
    [InlineData("http://good.example/api/@evil.example/x")]
    [InlineData("http://good.example/api/:81/x")]
    [InlineData("http://u@good.example/api/@evil.example/x")]
    [InlineData("http://good.example/api/x@good.example/x")]
    [InlineData("/api/http://evil.example/x")]
    [InlineData("/api/http://u@evil.example")]
    [InlineData("/api/*")]
    public void An_edit_of_the_path_that_would_name_another_host_is_a_failure(string target)
    {
        FailsAndChangesNothing($"GET {target} HTTP/1.1", RuleActions.ReplacePath("^/api/(.*)", @"\1"));
        FailsAndChangesNothing($"GET {target} HTTP/1.1", RuleActions.ReplacePathAndQuery("^/api/(.*)", @"\1"));
        var rest = target[(target.IndexOf("/api/", StringComparison.Ordinal) + 5)..];
        FailsAndChangesNothing($"GET {target} HTTP/1.1", RuleActions.SetPath(Text(rest)));
        FailsAndChangesNothing($"GET {target} HTTP/1.1", RuleActions.SetPathAndQuery(Text(rest)));
    }

    [Fact]
    public void A_path_for_the_whole_server_names_no_host() =>
        FailsAndChangesNothing("OPTIONS * HTTP/1.1", RuleActions.SetPath("http://evil.example/"));

    [Theory]
    [InlineData("http://good.example/p?q", "", "http://good.example?q")]
    [InlineData("http://good.example/p", "", "http://good.example")]
    [InlineData("http://good.example/p", "?a", "http://good.example?a")]
    [InlineData("http://good.example/p", "/http://x/", "http://good.example/http://x/")]
    [InlineData("/p", "/http://x/", "/http://x/")]
    [InlineData("/p", "?http://x/", "?http://x/")]
    public void A_path_that_leaves_the_host_alone_is_none(string target, string path, string result) => Assert.Equal(
        $"GET {result} HTTP/1.1",
        ActionRun.OnRequest(TestExchange.Of($"GET {target} HTTP/1.1", "Host: good.example"), RuleActions.SetPath(Text(path))).Request[0]);

    [Fact]
    public void A_target_that_is_empty_is_a_failure()
    {
        foreach (var line in new[] { "GET /p HTTP/1.1", "OPTIONS * HTTP/1.1" })
        {
            FailsAndChangesNothing(line, RuleActions.SetPath(Text("")));
            FailsAndChangesNothing(line, RuleActions.SetPathAndQuery(Text("")));
            FailsAndChangesNothing(line, RuleActions.SetUri(Text("")));
        }

        FailsAndChangesNothing("GET /p HTTP/1.1", RuleActions.ReplacePath(".*", Text("")));
        FailsAndChangesNothing("GET /p HTTP/1.1", RuleActions.ReplaceUri(".*", Text("")));
    }

    [Theory]
    [InlineData("http:///x")]
    [InlineData("http://a,b/x")]
    [InlineData("http://u@a@b/x")]
    [InlineData("http://a\\b/x")]
    [InlineData("http://a#b/x")]
    [InlineData("http://a:b/x")]
    [InlineData("a@b://c/x")]
    public void A_target_whose_host_can_be_read_in_two_ways_is_a_failure(string value) =>
        FailsAndChangesNothing("GET /p HTTP/1.1", RuleActions.SetUri(Text(value)));

    [Theory]
    [InlineData("")]
    [InlineData("GET /admin HTTP/1.1")]
    [InlineData(" GET")]
    [InlineData("GET ")]
    [InlineData("G\tET")]
    [InlineData("G,T")]
    [InlineData("GÉT")]
    public void A_method_that_is_no_token_is_a_failure(string name) =>
        FailsAndChangesNothing("GET /p HTTP/1.1", RuleActions.SetMethod(Text(name)));

    [Fact]
    public void A_method_without_a_sample_is_a_failure() => FailsAndChangesNothing("GET /p HTTP/1.1", RuleActions.SetMethod(None));
}
