using ProxyKit.Http;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Variables;
using ProxyKit.Rules;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class VerdictActionTests
{
    private static ActionRun Run(RulePhases phase, RuleAction action) => ActionRun.With(TestExchange.For("/p"), new RuleCompiler()).Run(phase, action);

    [Fact]
    public void Allow_and_accept_leave_the_list()
    {
        var run = ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetHeader("X", "1"), RuleActions.Allow, RuleActions.SetHeader("X", "2"));

        Assert.Equal((RuleOutcome.Stop, "1"), (run.Outcome, run.Exchange.Request.Headers["x"]));
        Assert.Null(run.Context.Verdict);
        Assert.Equal(RuleOutcome.Stop, Run(RulePhases.Connection, RuleActions.Accept).Outcome);
    }

    [Fact]
    public void Connections_are_ended_without_a_word()
    {
        Assert.Equal(new RuleVerdict(VerdictKind.Reject, -1), Run(RulePhases.Connection, RuleActions.Reject).Context.Verdict);
        Assert.Equal(new RuleVerdict(VerdictKind.SilentDrop, -1), Run(RulePhases.Response, RuleActions.SilentDrop).Context.Verdict);
        Assert.Equal(new RuleVerdict(VerdictKind.Close, 502), Run(RulePhases.ResponseContent, RuleActions.Close).Context.Verdict);
    }

    [Theory]
    [InlineData(16, 403)]
    [InlineData(32, 502)]
    public void Deny_has_the_error_page_that_is_usual_in_its_list(int phase, int status) =>
        Assert.Equal(new RuleVerdict(VerdictKind.Deny, status), Run((RulePhases)phase, RuleActions.Deny()).Context.Verdict);

    [Fact]
    public void Deny_and_tarpit_have_the_page_of_a_status_that_has_one()
    {
        Assert.Equal(new RuleVerdict(VerdictKind.Deny, 429), Run(RulePhases.Request, RuleActions.Deny(429)).Context.Verdict);
        Assert.Equal(new RuleVerdict(VerdictKind.Tarpit, 500), Run(RulePhases.Request, RuleActions.Tarpit()).Context.Verdict);
        Assert.Equal(new RuleVerdict(VerdictKind.Tarpit, 404), Run(RulePhases.Request, RuleActions.Tarpit(404)).Context.Verdict);
        Assert.Contains(
            "status code '418' not handled by default with 'default-errorfiles' argument",
            Assert.Throws<ArgumentException>("status", () => RuleActions.Deny(418)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Deny_with_a_status_alone_sends_an_empty_body()
    {
        var run = Run(RulePhases.Request, RuleActions.Deny(Reply.Empty(418)));

        Assert.Equal((VerdictKind.Deny, 418), (run.Context.Verdict!.Kind, run.Context.Verdict.Status));
        Assert.Equal("HTTP/1.1 418 I'm a teapot\r\ncontent-length: 0\r\n\r\n", run.Reply);
    }

    [Fact]
    public void Return_answers_with_its_reply()
    {
        var run = Run(RulePhases.Request, RuleActions.Return(Reply.Text("pong", "text/plain").WithHeader("X-A", Field("Host"))));

        Assert.Equal((RuleOutcome.Final, VerdictKind.Reply, 200), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
        Assert.Equal("HTTP/1.1 200 OK\r\nx-a: a.example\r\ncontent-length: 4\r\ncontent-type: text/plain\r\n\r\npong", run.Reply);
    }

    [Fact]
    public void Challenge_sends_the_error_page_with_the_realm()
    {
        var page = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 112\r\ncache-control: no-cache\r\ncontent-type: text/html\r\n"
            + "www-authenticate: Basic realm=\"Shop\"\r\n\r\n<html><body><h1>401 Unauthorized</h1>\n"
            + "You need a valid user and password to access this content.\n</body></html>\n";

        var run = Run(RulePhases.Request, RuleActions.Challenge("Shop"));
        Assert.Equal((VerdictKind.Reply, 401, page), (run.Context.Verdict!.Kind, run.Context.Verdict.Status, run.Reply));
    }

    [Theory]
    [InlineData("/p", 401)]
    [InlineData("*", 401)]
    [InlineData("http://a.example/p", 407)]
    public void Challenge_as_a_proxy_asks_requests_that_are_for_one(string target, int status)
    {
        var run = ActionRun.OnRequest(TestExchange.For(target), RuleActions.Challenge("r", asProxy: true));

        Assert.Equal(status, run.Context.Verdict!.Status);
        Assert.Contains(status == 401 ? "\r\nwww-authenticate: Basic" : "\r\nproxy-authenticate: Basic", run.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public void Challenge_without_a_realm_is_for_the_proxy()
    {
        var compiler = new RuleCompiler
        {
            Frontend = new FrontendFacts { Name = "shop", Id = 1, DefaultBackend = null, Connections = () => 0, ClientTimeout = null, TarpitTimeout = null },
        };

        Assert.Contains(
            "Basic realm=\"shop\"",
            ActionRun.With(TestExchange.For("/"), compiler).Run(RulePhases.Request, RuleActions.Challenge()).Reply,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Hints_that_stand_together_make_one_response()
    {
        var run = ActionRun.OnRequest(
            TestExchange.For("/"), RuleActions.EarlyHint("Link", "</a.css>; rel=preload"), RuleActions.EarlyHint("Link", Text("b\n")), RuleActions.SetHeader("X", "1"));

        Assert.Equal(["HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\nlink: b%0A\r\n\r\n"], run.Host.Informational);
        Assert.Equal("1", run.Exchange.Request.Headers["x"]);
    }

    [Fact]
    public void Hints_with_conditions_make_one_each()
    {
        var hint = RuleActions.EarlyHint("Link", "a");
        var run = ActionRun.With(TestExchange.For("/"), new RuleCompiler()).Run(
            RulePhases.Request, new RuleOptions(hint, Match.Always), new RuleOptions(hint, Match.Always), new RuleOptions(hint), new RuleOptions(hint, !Match.Always));

        Assert.Equal(
            ["HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: a\r\nlink: a\r\n\r\n"], run.Host.Informational);
    }

    [Fact]
    public void A_client_of_HTTP_1_0_gets_no_hints() => Assert.Empty(
        ActionRun.OnRequest(TestExchange.Of("GET / HTTP/1.0"), RuleActions.EarlyHint("Link", "a")).Host.Informational);

    [Theory]
    [InlineData(299, null, "HTTP/1.1 299 Success")]
    [InlineData(418, null, "HTTP/1.1 418 I'm a teapot")]
    [InlineData(999, null, "HTTP/1.1 999 Other")]
    [InlineData(200, "Fine, %[x]", "HTTP/1.1 200 Fine, %[x]")]
    [InlineData(502, null, "HTTP/1.1 502 Bad Gateway or Proxy Error")]
    public void SetStatus_replaces_the_status_line_and_leaves_the_body(int status, string? reason, string line)
    {
        var run = ActionRun.OnResponse(["HTTP/1.1 404 Not Found", "Content-Length: 3"], RuleActions.SetStatus(status, reason));

        Assert.Equal([line, "Content-Length: 3"], run.Response);
        Assert.Equal((status, 3UL), (run.Context.Response!.Status, run.Context.Response.ContentLength));
    }

    [Fact]
    public void SetStatus_makes_no_tunnel_and_unmakes_none()
    {
        Assert.Equal("HTTP/1.1 200 OK", ActionRun.OnResponse(["HTTP/1.1 200 OK", "Content-Length: 3"], RuleActions.SetStatus(101)).Response[0]);
        Assert.Equal("HTTP/1.1 101 Up", ActionRun.OnResponse(["HTTP/1.1 101 Up"], RuleActions.SetStatus(200)).Response[0]);
        Assert.Equal("HTTP/1.1 403 No", ActionRun.To(TestExchange.Of("CONNECT a:1 HTTP/1.1", "Host: a:1"), "HTTP/1.1 403 No", "Content-Length: 3")
            .Run(RulePhases.Response, RuleActions.SetStatus(200)).Response[0]);
        Assert.Throws<ArgumentOutOfRangeException>("status", () => RuleActions.SetStatus(99));
    }

    [Fact]
    public void Code_runs_in_its_place_and_may_edit_nothing_but_see_everything()
    {
        var seen = "";
        var run = ActionRun.OnRequest(
            TestExchange.For("/a"), RuleActions.SetPath("/b"), RuleActions.Run("note", exchange => seen = exchange.Request.Path), RuleActions.SetPath("/c"));

        Assert.Equal((RuleOutcome.Next, "/b"), (run.Outcome, seen));
    }

    [Fact]
    public void Code_that_waits_is_waited_for()
    {
        var seen = "";
        var run = ActionRun.OnRequest(
            TestExchange.For("/a"),
            RuleActions.Run("note", (exchange, _) =>
            {
                seen = exchange.Request.Path;
                return ValueTask.CompletedTask;
            }),
            RuleActions.SetHeader("X", "1"));

        Assert.Equal((RuleOutcome.Next, "/a", "1"), (run.Outcome, seen, run.Exchange.Request.Headers["x"]));
    }

    [Fact]
    public void Code_may_answer()
    {
        var gone = Reply.Text("gone", "text/plain", 410).WithHeader("X", "1");
        Reply? Code(HttpExchange exchange) => exchange.Request.Path == "/old" ? gone : null;

        Assert.Equal(RuleOutcome.Next, ActionRun.OnRequest(TestExchange.For("/new"), RuleActions.Answer("old", Code)).Outcome);
        var run = ActionRun.OnRequest(TestExchange.For("/old"), RuleActions.Answer("old", Code, refuses: true));
        Assert.Equal((RuleOutcome.Final, VerdictKind.Deny, 410), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
        Assert.Equal("HTTP/1.1 410 Gone\r\nx: 1\r\ncontent-length: 4\r\ncontent-type: text/plain\r\n\r\ngone", run.Reply);
        Assert.Equal(VerdictKind.Reply, ActionRun.OnRequest(
            TestExchange.For("/old"), RuleActions.Answer("old", (exchange, _) => ValueTask.FromResult(Code(exchange)))).Context.Verdict!.Kind);
    }

    [Fact]
    public void Code_gives_no_reply_that_has_to_be_made_ready() => Assert.Throws<InvalidOperationException>(() => ActionRun.OnRequest(
        TestExchange.For("/"), RuleActions.Answer("a", _ => Reply.Format(Text("x"), "text/plain"))));

    [Fact]
    public void An_action_stands_only_in_its_lists()
    {
        static void Check(RuleAction action, RulePhases phases) => Assert.True(phases == action.Phases, $"{action}: {action.Phases}");
        const RulePhases Http = RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;
        const RulePhases Tcp = RulePhases.Connection | RulePhases.Session | RulePhases.Content | RulePhases.ResponseContent;
        const RulePhases Both = RulePhases.Request | RulePhases.Response;
        const RulePhases Addresses = RulePhases.Connection | RulePhases.Session | RulePhases.Content | RulePhases.Request;
        const RulePhases Queue = RulePhases.Content | RulePhases.Request;
        var x = Text("x");
        Check(RuleActions.Accept, Tcp);
        Check(RuleActions.AddPattern("f", x), Both);
        Check(RuleActions.DelPattern("f", x), Http);
        Check(RuleActions.SetMap("f", x, x), Http);
        Check(RuleActions.DelMap("f", x), Http);
        Check(RuleActions.AddHeader("x", x), Http);
        Check(RuleActions.SetHeader("x", x), Http);
        Check(RuleActions.DelHeader("x"), Http);
        Check(RuleActions.SetHeadersBin(x), Http);
        Check(RuleActions.ReplaceHeader("x", "x", x), Http);
        Check(RuleActions.ReplaceValue("x", "x", x), Http);
        Check(RuleActions.Challenge(), RulePhases.Request);
        Check(RuleActions.CaptureTo(x, 0), RulePhases.Content | Http);
        Check(RuleActions.Close, RulePhases.ResponseContent);
        Check(RuleActions.Deny(), Both);
        Check(RuleActions.DisableReplay, RulePhases.Request);
        Check(RuleActions.EarlyHint("x", x), RulePhases.Request);
        Check(RuleActions.NormalizeUri(UriNormalization.StripDot), RulePhases.Request);
        Check(RuleActions.Pause(x), Both);
        Check(RuleActions.Redirect(RedirectOptions.To("/")), Both);
        Check(RuleActions.Redirect(RedirectOptions.Prefix("/")), RulePhases.Request);
        Check(RuleActions.Redirect(RedirectOptions.Scheme("x")), RulePhases.Request);
        Check(RuleActions.Reject, Tcp | RulePhases.Request);
        Check(RuleActions.ReplacePath("x", x), RulePhases.Request);
        Check(RuleActions.ReplacePathAndQuery("x", x), RulePhases.Request);
        Check(RuleActions.ReplaceUri("x", x), RulePhases.Request);
        Check(RuleActions.Return(Reply.Empty()), Both);
        Check(RuleActions.SetSource(x), Addresses);
        Check(RuleActions.SetSourcePort(x), Addresses);
        Check(RuleActions.SetDestination(x), Addresses);
        Check(RuleActions.SetDestinationPort(x), Addresses);
        Check(RuleActions.SetLogLevel(Microsoft.Extensions.Logging.LogLevel.None), RulePhases.Content | RulePhases.ResponseContent | Http);
        Check(RuleActions.SetMethod(x), RulePhases.Request);
        Check(RuleActions.SetPath(x), RulePhases.Request);
        Check(RuleActions.SetPathAndQuery(x), RulePhases.Request);
        Check(RuleActions.SetQuery(x), RulePhases.Request);
        Check(RuleActions.SetUri(x), RulePhases.Request);
        Check(RuleActions.SetNice(1), RulePhases.Content | RulePhases.ResponseContent | Both);
        Check(RuleActions.SetPriorityClass(x), Queue);
        Check(RuleActions.SetPriorityOffset(x), Queue);
        Check(RuleActions.SetRetries(x), Queue);
        Check(RuleActions.SetStatus(200), RulePhases.Response | RulePhases.AfterResponse);
        Check(RuleActions.SetTimeout(RuleTimeout.Client, x), Both);
        Check(RuleActions.SetVariable("txn.x", x), RulePhases.Everywhere);
        Check(RuleActions.SetVariableText("txn.x", x), RulePhases.Everywhere);
        Check(RuleActions.UnsetVariable("txn.x"), RulePhases.Everywhere);
        Check(RuleActions.SilentDrop, Tcp | Both);
        Check(RuleActions.StrictMode(true), Http);
        Check(RuleActions.Tarpit(), RulePhases.Request);
        Check(RuleActions.WaitForBody(null), Both);
        Check(RuleActions.WaitForHandshake, RulePhases.Request);
    }

    [Fact]
    public void An_action_is_called_by_HAProxys_words()
    {
        Assert.Equal("set-header X-A v", RuleActions.SetHeader("X-A", "v").ToString());
        Assert.Equal("set-header X-A 'a b%%'", RuleActions.SetHeader("X-A", "a b%").ToString());
        Assert.Equal("set-header X-A '%[str(a)] b'", RuleActions.SetHeader("X-A", Value.Format("%[str(a)] b")).ToString());
        Assert.Equal("redirect location / code 302 set-cookie-fmt %[text]", RuleActions.Redirect(RedirectOptions.To("/") with { Cookie = Text("A=1") }).ToString());
        Assert.Equal("auth realm 'a b'", RuleActions.Challenge("a b").ToString());
        Assert.Equal("del-header x- -m beg", RuleActions.DelHeader("x-", HeaderNameMatch.Prefix).ToString());
        Assert.Equal("replace-value X (a) b", RuleActions.ReplaceValue("X", "(a)", "b").ToString());
        Assert.Equal("set-pathq /a", RuleActions.SetPathAndQuery("/a").ToString());
        Assert.Equal("replace-uri a b", RuleActions.ReplaceUri("a", "b").ToString());
        Assert.Equal("set-var(txn.a,ifset,ifgt) none", RuleActions.SetVariable("txn.a", None, VariableConditions.IfSet | VariableConditions.IfGreater).ToString());
        Assert.Equal("set-timeout tunnel 1500", RuleActions.SetTimeout(RuleTimeout.Tunnel, TimeSpan.FromSeconds(1.5)).ToString());
        Assert.Equal("deny deny_status 404", RuleActions.Deny(404).ToString());
        Assert.Equal("return status 200 content-type text/plain string \"a\" hdr X v", RuleActions.Return(Reply.Text("a", "text/plain").WithHeader("X", "v")).ToString());
        Assert.Equal("redirect prefix /a code 301 drop-query", RuleActions.Redirect(RedirectOptions.Prefix("/a") with { Status = 301, DropQuery = true }).ToString());
        Assert.Equal("set-map(f) %[none] %[none]", RuleActions.SetMap("f", None, None).ToString());
        Assert.Equal("wait-for-body time 100 at-least 5", RuleActions.WaitForBody(TimeSpan.FromMilliseconds(100), 5).ToString());
    }
}
