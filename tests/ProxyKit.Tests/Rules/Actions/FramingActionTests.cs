using ProxyKit.Http;
using ProxyKit.Rules.Actions;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class FramingActionTests
{
    private static TestExchange Post(params string[] fields) => TestExchange.Of(["POST /p HTTP/1.1", "Host: a.example", .. fields]);

    [Theory]
    [InlineData("3")]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("+4")]
    [InlineData("4, 4")]
    public void A_request_whose_length_a_rule_makes_untrue_is_not_sent(string length)
    {
        var run = ActionRun.OnRequest(Post("Content-Length: 4"), RuleActions.SetHeader("Content-Length", length));

        Assert.Equal((VerdictKind.Failure, 500), (run.Context.Verdict!.Kind, run.Context.Verdict.Status));
    }

    [Fact]
    public void A_length_that_is_true_may_be_set_and_added()
    {
        var run = ActionRun.OnRequest(
            Post("Content-Length: 4"), RuleActions.SetHeader("Content-Length", "4"), RuleActions.AddHeader("content-length", "4"));

        Assert.Equal(["POST /p HTTP/1.1", "Host: a.example", "Content-Length: 4"], run.Request);
    }

    [Theory]
    [InlineData("0", RuleOutcome.Next)]
    [InlineData("4", RuleOutcome.Final)]
    public void A_request_without_a_body_gets_no_length_but_zero(string length, object outcome) => Assert.Equal(
        outcome, ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetHeader("Content-Length", length)).Outcome);

    [Fact]
    public void A_request_in_chunks_stays_in_chunks()
    {
        var run = ActionRun.OnRequest(
            Post("Transfer-Encoding: chunked"),
            RuleActions.SetHeader("Content-Length", "4"),
            RuleActions.AddHeader("Transfer-Encoding", "gzip"),
            RuleActions.SetHeader("Transfer-Encoding", "identity"),
            RuleActions.ReplaceHeader("Transfer-Encoding", "chunked", "gzip"));

        Assert.Equal(["POST /p HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked"], run.Request);
        Assert.Equal(BodyFraming.Chunked, run.Exchange.Request.Framing);
    }

    [Fact]
    public void Transfer_encoding_of_a_rule_is_ignored_where_there_is_a_length_and_where_there_is_none()
    {
        var set = RuleActions.SetHeader("Transfer-Encoding", "chunked");

        Assert.Equal(["POST /p HTTP/1.1", "Host: a.example", "Content-Length: 4"], ActionRun.OnRequest(Post("Content-Length: 4"), set).Request);
        Assert.Equal(["POST /p HTTP/1.1", "Host: a.example"], ActionRun.OnRequest(Post(), set).Request);
    }

    [Theory]
    [InlineData("Content-Length: 4", "content-length", HeaderNameMatch.Exact)]
    [InlineData("Content-Length: 4", "content-", HeaderNameMatch.Prefix)]
    [InlineData("Transfer-Encoding: chunked", "transfer-encoding", HeaderNameMatch.Exact)]
    public void A_request_whose_length_a_rule_removes_has_no_body(string field, string name, HeaderNameMatch match)
    {
        var run = ActionRun.OnRequest(Post(field), RuleActions.DelHeader(name, match));

        Assert.Equal(["POST /p HTTP/1.1", "Host: a.example", "content-length: 0"], run.Request);
        Assert.True(run.Exchange.Request.DropsBody);
        Assert.Equal((BodyFraming.Length, 0UL), (run.Exchange.Request.Framing, run.Exchange.Request.ContentLength));
    }

    [Fact]
    public void A_response_whose_length_a_rule_removes_ends_with_its_connection()
    {
        foreach (var field in new[] { "Content-Length: 4", "Transfer-Encoding: chunked" })
        {
            var run = ActionRun.OnResponse(["HTTP/1.1 200 OK", field], RuleActions.DelHeader(field.Split(':')[0]));

            Assert.Equal(["HTTP/1.1 200 OK"], run.Response);
            Assert.Equal(BodyFraming.UntilClose, run.Context.Response!.Framing);
        }
    }

    [Fact]
    public void A_response_whose_length_a_rule_makes_untrue_is_not_sent()
    {
        var run = ActionRun.OnResponse(["HTTP/1.1 200 OK", "Content-Length: 4"], RuleActions.SetHeader("Content-Length", "3"));

        Assert.Equal((VerdictKind.Failure, 500), (run.Context.Verdict!.Kind, run.Context.Verdict.Status));
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("X: y")]
    public void A_response_in_chunks_or_until_the_end_gets_no_length(string field) => Assert.Equal(
        ["HTTP/1.1 200 OK", field],
        ActionRun.OnResponse(["HTTP/1.1 200 OK", field], RuleActions.SetHeader("Content-Length", "3")).Response);

    [Fact]
    public void The_length_that_a_response_to_HEAD_tells_of_can_be_any()
    {
        var run = ActionRun.To(TestExchange.Of("HEAD / HTTP/1.1", "Host: a"), "HTTP/1.1 200 OK", "Content-Length: 4")
            .Run(RulePhases.Response, RuleActions.SetHeader("Content-Length", "7"));

        Assert.Equal(["HTTP/1.1 200 OK", "content-length: 7"], run.Response);
    }

    [Fact]
    public void Close_written_by_a_rule_closes_the_connection_that_the_message_goes_out_on()
    {
        var request = ActionRun.OnRequest(TestExchange.For("/"), RuleActions.SetHeader("Connection", "close")).Exchange.Request;
        HopByHopHeaders.PrepareRequest(request, closes: false);
        Assert.Equal("close", request.Headers["connection"]);
        Assert.Equal(0, (int)(request.Connection & ConnectionOptions.Close)); // the client has not said so

        var response = ActionRun.OnResponse(["HTTP/1.1 200 OK", "Content-Length: 0"], RuleActions.SetHeader("Connection", "x, close"));
        Assert.NotEqual(0, (int)(response.Context.Response!.Connection & ConnectionOptions.ClosedByRule));
    }

    [Fact]
    public void Connection_fields_of_rules_are_written_anew_on_the_way_out()
    {
        var request = ActionRun.OnRequest(
            TestExchange.With("Connection: close"), RuleActions.SetHeader("Connection", "keep-alive, x-hop")).Exchange.Request;
        HopByHopHeaders.PrepareRequest(request, closes: false);

        Assert.Equal(["x-hop"], request.Headers.GetAll("connection"));
        Assert.NotEqual(0, (int)(request.Connection & ConnectionOptions.Close)); // what the client said of its own stands
    }

    [Fact]
    public void An_upgrade_whose_token_a_rule_removes_is_none()
    {
        var request = ActionRun.OnRequest(
            TestExchange.Of("GET / HTTP/1.1", "Host: a", "Connection: upgrade", "Upgrade: x"), RuleActions.DelHeader("Connection")).Exchange.Request;
        HopByHopHeaders.PrepareRequest(request, closes: false);

        Assert.Null(request.Headers["upgrade"]);
        Assert.Equal(0, (int)(request.Connection & ConnectionOptions.Upgrade));
    }

    [Fact]
    public void SetHeader_host_rewrites_the_authority_of_an_absolute_target()
    {
        var run = ActionRun.OnRequest(
            TestExchange.Of("GET http://u@a.example:81/p?q HTTP/1.1", "Host: a.example:81"), RuleActions.SetHeader("Host", "b.example"));

        Assert.Equal(["GET http://u@b.example/p?q HTTP/1.1", "host: b.example"], run.Request);
        Assert.Equal(("b.example", "/p", "q"), (run.Exchange.Request.Host, run.Exchange.Request.Path, run.Exchange.Request.Query));
    }

    [Fact]
    public void SetHeader_host_leaves_a_plain_target_and_is_seen_at_once()
    {
        var exchange = TestExchange.For("/p");
        Assert.Equal("a.example", exchange.Request.Host);
        var run = ActionRun.OnRequest(exchange, RuleActions.SetHeader("Host", Text("b.example")));

        Assert.Equal(["GET /p HTTP/1.1", "host: b.example"], run.Request);
        Assert.Equal("b.example", exchange.Request.Host);
    }

    [Theory]
    [InlineData("b/admin?")]
    [InlineData("b?x")]
    [InlineData("b#x")]
    [InlineData("u@b")]
    [InlineData("a,b")]
    [InlineData("a b")]
    [InlineData("a\t")]
    [InlineData("a\\b")]
    [InlineData("b:80:81")]
    public void A_host_that_is_none_is_a_failure_and_changes_nothing(string host)
    {
        foreach (var target in new[] { "http://a.example/p?q", "/p" })
        {
            foreach (var action in new[]
                { RuleActions.SetHeader("Host", Text(host)), RuleActions.AddHeader("Host", Text(host)), RuleActions.ReplaceHeader("Host", ".*", Text(host.Replace("\\", "\\\\", StringComparison.Ordinal))) })
            {
                string[] head = [$"GET {target} HTTP/1.1", "Host: a.example"];
                var run = ActionRun.OnRequest(TestExchange.Of(head), action);

                Assert.Equal((RuleOutcome.Final, VerdictKind.Failure, 500), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
                Assert.Equal(head, run.Request);
            }
        }
    }

    [Fact]
    public void An_absolute_target_keeps_a_host_and_a_plain_one_does_without()
    {
        var set = RuleActions.SetHeader("Host", None);

        Assert.Equal(RuleOutcome.Final, ActionRun.OnRequest(TestExchange.Of("GET http://a.example/p HTTP/1.1", "Host: a.example"), set).Outcome);
        Assert.Equal(["GET /p HTTP/1.1", "host: "], ActionRun.OnRequest(TestExchange.For("/p"), set).Request);
    }

    [Fact]
    public void A_host_has_to_fit_in_field_and_target_together() => Assert.Equal(
        RuleOutcome.Final,
        ActionRun.OnRequest(
            TestExchange.Of("GET http://a.example/p HTTP/1.1", "Host: a.example"), RuleActions.SetHeader("Host", new string('b', 9_000))).Outcome);

    [Fact]
    public void Host_is_a_field_like_others_in_a_response() => Assert.Equal(
        ["HTTP/1.1 200 OK", "host: a/b"], ActionRun.OnResponse(["HTTP/1.1 200 OK"], RuleActions.SetHeader("Host", "a/b")).Response);

    [Fact]
    public void A_second_host_takes_the_place_of_the_first() =>
        Assert.Equal(["GET /p HTTP/1.1", "host: b"], ActionRun.OnRequest(TestExchange.For("/p"), RuleActions.AddHeader("Host", "b")).Request);

    [Fact]
    public void A_host_that_is_removed_or_replaced_is_seen_at_once()
    {
        var exchange = TestExchange.For("/p");
        Assert.Equal("a.example", exchange.Request.Host);
        ActionRun.OnRequest(exchange, RuleActions.ReplaceHeader("Host", "example", "b"));
        Assert.Equal("b", exchange.Request.Host);
        ActionRun.OnRequest(exchange, RuleActions.DelHeader("Host"));
        Assert.Equal("", exchange.Request.Host);
    }
}
