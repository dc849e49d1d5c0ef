using ProxyKit.Http;
using ProxyKit.Rules.Actions;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class TargetActionTests
{
    private static string Target(string target, params RuleAction[] actions)
    {
        var run = ActionRun.OnRequest(TestExchange.For(target), actions);
        Assert.Equal(RuleOutcome.Next, run.Outcome);
        var line = run.Request[0];
        Assert.Equal(run.Exchange.Request.Target, line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..line.LastIndexOf(' ')]);
        return run.Exchange.Request.Target;
    }

    [Theory]
    [InlineData("/p?q=1", "/a?b=1", "/a?b=1?q=1")]
    [InlineData("/p", "/a", "/a")]
    [InlineData("/p?", "/a", "/a?")]
    [InlineData("*", "/a", "/a")]
    [InlineData("http://a.example/p?q", "/a", "http://a.example/a?q")]
    [InlineData("http://a.example?q", "/a", "http://a.example/a?q")]
    [InlineData("/p?q", "", "?q")]
    public void SetPath_replaces_the_path_alone(string target, string path, string result) => Assert.Equal(result, Target(target, RuleActions.SetPath(path)));

    [Theory]
    [InlineData("/admin HTTP/1.0", "/admin%20HTTP/1.0")]
    [InlineData("/a b", "/a%20b")]
    [InlineData(" /a", "%20/a")]
    [InlineData("/a\t", "/a%09")]
    [InlineData("/a\r\nX: y", "/a%0D%0AX:%20y")]
    public void Blank_in_a_target_does_not_end_it(string value, string target)
    {
        string After(params RuleAction[] actions) => ActionRun.OnRequest(TestExchange.For("/p"), actions).Request[0];

        Assert.Equal($"GET {target} HTTP/1.1", After(RuleActions.SetPath(Text(value))));
        Assert.Equal($"GET {target} HTTP/1.1", After(RuleActions.SetPathAndQuery(Text(value))));
        Assert.Equal($"GET {target} HTTP/1.1", After(RuleActions.SetUri(Text(value))));
        Assert.Equal($"GET /p?{target} HTTP/1.1", After(RuleActions.SetQuery(Text(value))));
        Assert.Equal($"GET {target} HTTP/1.1", After(RuleActions.ReplacePath("^.*$", Text(value))));
        Assert.Equal($"GET {target} HTTP/1.1", After(RuleActions.ReplacePathAndQuery("^.*$", Text(value))));
        Assert.Equal($"GET {target} HTTP/1.1", After(RuleActions.ReplaceUri("^.*$", Text(value))));
    }

    [Fact]
    public void SetPath_escapes_control_bytes() =>
        Assert.Equal("GET /ab%0D%0A HTTP/1.1", ActionRun.OnRequest(TestExchange.For("/p"), RuleActions.SetPath(Text("/ab\r\n"))).Request[0]);

    [Theory]
    [InlineData("/p?q=1", "/only", "/only")]
    [InlineData("/p", "/a?b", "/a?b")]
    [InlineData("*", "/a?b", "/a?b")]
    [InlineData("http://a.example/p?q", "/a?b", "http://a.example/a?b")]
    public void SetPathAndQuery_replaces_both(string target, string value, string result) =>
        Assert.Equal(result, Target(target, RuleActions.SetPathAndQuery(value)));

    [Theory]
    [InlineData("/p?q=1", "", "/p?")]
    [InlineData("/p?q=1", "a=b", "/p?a=b")]
    [InlineData("/p", "a=b", "/p?a=b")]
    [InlineData("/p", "", "/p")]
    [InlineData("http://a.example/p", "a", "http://a.example/p?a")]
    [InlineData("*", "a", "*")]
    public void SetQuery_keeps_the_question_mark_and_makes_one_for_a_value(string target, string value, string result) =>
        Assert.Equal(result, Target(target, RuleActions.SetQuery(value)));

    [Fact]
    public void SetUri_of_a_path_keeps_the_host() => Assert.Equal(
        ["GET /a?b HTTP/1.1", "Host: a.example"], ActionRun.OnRequest(TestExchange.For("/p?q"), RuleActions.SetUri("/a?b")).Request);

    [Fact]
    public void SetUri_with_an_authority_is_sent_as_it_is_and_rewrites_the_host()
    {
        var run = ActionRun.OnRequest(TestExchange.For("/p?q"), RuleActions.SetUri(Text("http://u@b.example:81/a?b")));

        Assert.Equal(["GET http://u@b.example:81/a?b HTTP/1.1", "Host: b.example:81"], run.Request);
        Assert.Equal(("b.example:81", "/a", "b"), (run.Exchange.Request.Host, run.Exchange.Request.Path, run.Exchange.Request.Query));
        Assert.Equal(TargetForm.Absolute, run.Exchange.Request.Form);
    }

    [Fact]
    public void Edits_see_what_earlier_ones_made() => Assert.Equal(
        "/c?d=1?b", Target("/p", RuleActions.SetUri("/a?b"), RuleActions.SetPath("/c?d=1"), RuleActions.ReplacePath("^/c$", "/c")));

    [Theory]
    [InlineData("/a/foo/bar", "/foo/(.*)", @"/\1", "/bar")]
    [InlineData("/a/foo/bar?/foo/x", "/foo/(.*)", @"/\1", "/bar?/foo/x")]
    [InlineData("/a?foo", "foo", "/x", "/a?foo")]
    [InlineData("*", ".*", "/x", "*")]
    [InlineData("http://a.example/a/b", "^/a/(.*)", @"/\1", "http://a.example/b")]
    public void ReplacePath_replaces_the_whole_path_where_the_expression_is_found(string target, string regex, string value, string result) =>
        Assert.Equal(result, Target(target, RuleActions.ReplacePath(regex, value)));

    [Theory]
    [InlineData("/a?foo=1", @"(.*)\?foo=(.*)", @"\1/\2", "/a/1")]
    [InlineData("/a?foo", "foo", "/x", "/x")]
    [InlineData("*", ".*", "/x", "*")]
    public void ReplacePathAndQuery_looks_at_the_query_too(string target, string regex, string value, string result) =>
        Assert.Equal(result, Target(target, RuleActions.ReplacePathAndQuery(regex, value)));

    [Theory]
    [InlineData("/a?b", "^/a(.*)", @"/c\1", "/c?b")]
    [InlineData("http://a.example/a", "^http://([^/]*)/", "http://b.example/", "http://b.example/")]
    [InlineData("http://a.example/a", "^/a", "/c", "http://a.example/a")]
    public void ReplaceUri_looks_at_the_whole_target(string target, string regex, string value, string result) =>
        Assert.Equal(result, Target(target, RuleActions.ReplaceUri(regex, value)));

    [Fact]
    public void ReplaceUri_with_an_authority_rewrites_the_host() => Assert.Equal("b.example", ActionRun.OnRequest(
        TestExchange.For("http://a.example/a"), RuleActions.ReplaceUri("a.example", "http://b.example/")).Exchange.Request.Headers["host"]);

    [Fact]
    public void A_target_without_a_path_stays_where_paths_are_replaced() => Assert.Equal(
        "CONNECT a.example:443 HTTP/1.1",
        ActionRun.OnRequest(
            TestExchange.Of("CONNECT a.example:443 HTTP/1.1", "Host: a.example:443"),
            RuleActions.SetPath("/x"),
            RuleActions.SetPathAndQuery("/x"),
            RuleActions.SetQuery("x"),
            RuleActions.ReplacePath(".*", "/x"),
            RuleActions.NormalizeUri(UriNormalization.MergeSlashes)).Request[0]);

    [Fact]
    public void The_line_that_came_stays_for_the_log()
    {
        var run = ActionRun.OnRequest(TestExchange.For("/p?q"), RuleActions.SetUri("/a"), RuleActions.SetMethod("POST"));

        Assert.Equal("GET /p?q HTTP/1.1"u8, run.Exchange.Request.StartLineBytes);
    }

    [Theory]
    [InlineData("POST", RequestMethod.Post)]
    [InlineData("BREW", RequestMethod.Other)]
    [InlineData("get", RequestMethod.Other)]
    public void SetMethod_takes_any_token(string name, RequestMethod method)
    {
        var run = ActionRun.OnRequest(TestExchange.For("/p"), RuleActions.SetMethod(Text(name)));

        Assert.Equal($"{name} /p HTTP/1.1", run.Request[0]);
        Assert.Equal((method, name), (run.Exchange.Request.Method, run.Exchange.Request.MethodName));
    }

    [Fact]
    public void SetMethod_makes_no_tunnel_and_unmakes_none()
    {
        Assert.Equal("GET /p HTTP/1.1", ActionRun.OnRequest(TestExchange.For("/p"), RuleActions.SetMethod("CONNECT")).Request[0]);
        Assert.Equal("CONNECT a:1 HTTP/1.1", ActionRun.OnRequest(
            TestExchange.Of("CONNECT a:1 HTTP/1.1", "Host: a:1"), RuleActions.SetMethod("GET")).Request[0]);
    }

    [Fact]
    public void A_target_that_does_not_fit_is_a_failure() => Assert.Equal(
        (VerdictKind.Failure, 500),
        ActionRun.OnRequest(TestExchange.For("/p"), RuleActions.SetPath("/" + new string('x', 17_000))).Context.Verdict is { } v ? (v.Kind, v.Status) : default);
}
