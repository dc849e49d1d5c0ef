using System.Text;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Explaining;
using ProxyKit.StickTables;
using static ProxyKit.Tests.Rules.Explaining.Explained;

namespace ProxyKit.Tests.Rules.Explaining;

public sealed class ExplainedActionTests
{
    [Fact]
    public void Edits_tell_what_came_of_them()
    {
        var rules = Of(
            f => f.OnRequest(r => r
                .SetHeader("X-Client", Value.Parse("src"))
                .DelHeader("x-gone")
                .SetPath("/b")
                .SetMethod("POST")
                .SetTimeout(RuleTimeout.Client, TimeSpan.FromSeconds(3))
                .SetSource(Value.Parse("str(192.0.2.9)"))),
            "http://h/a?q",
            "X-Gone: 1").Rules();

        Assert.Equal(
            [
                "header x-client = \"127.0.0.1\"",
                "header x-gone removed",
                "target = \"/b?q\"",
                "method = \"POST\"",
                "timeout client = 3000 ms",
                "source = 192.0.2.9:49152",
            ],
            rules.Select(static r => Assert.Single(r.Effects).ToString()));
        Assert.Equal(new ExplainedValue("src", "127.0.0.1"), Assert.Single(rules[0].Values));
    }

    [Fact]
    public void Variable_of_one_rule_is_seen_by_the_next()
    {
        var explanation = Of(
            f => f.OnRequest(r => r
                .SetVariable("txn.user", Value.Parse("req.hdr(x-user),lower"))
                .SetHeader("X-Seen", Value.Format("user=%[var(txn.user)]"), when: When("{ var(txn.user) -m found }"))),
            "http://h/",
            "X-User: Ann");

        Assert.Equal(["variable txn.user = \"ann\"", "header x-seen = \"user=ann\""], explanation.Rules().SelectMany(static r => r.Effects).Select(static e => e.ToString()));
        Assert.Equal(["\"ann\""], explanation.Rules()[1].Condition!.Values);
    }

    [Fact]
    public void Variable_without_a_value_says_that_there_was_none()
    {
        var rule = Assert.Single(Of(f => f.OnRequest(r => r.SetVariable("txn.user", Value.Parse("req.hdr(x-user)")))).Rules());

        Assert.Equal(RuleFate.Fired, rule.Fate);
        Assert.Empty(rule.Effects);
        Assert.Equal(new ExplainedValue("req.hdr(x-user)", null), Assert.Single(rule.Values));
    }

    [Fact]
    public void Edit_that_cannot_be_made_is_told()
    {
        var rule = Of(f => f.OnRequest(r => r.StrictMode(false).SetMethod("NO GOOD"))).Rules()[1];

        Assert.Equal((RuleFate.Fired, "the edit could not be made"), (rule.Fate, rule.Remark));
    }

    [Fact]
    public void Tracked_key_is_told_and_counted()
    {
        var options = Options(f => f.OnRequest(r => r
            .Add(StickActions.Track(0, Value.Parse("src"), "t"))
            .Deny(429, when: When("{ sc_http_req_rate(0) gt 0 }"))));
        options.StickTables.Add(new()
        {
            Name = "t",
            KeyType = StickKeyType.IPv4,
            Size = 10,
            Store = { new(StickDataType.RequestRate, TimeSpan.FromSeconds(10)) },
        });

        var explanation = Proxy.Explain(options, ExampleRequest.Parse("http://h/"));

        Assert.Equal("sc0 = an entry of table t", Assert.Single(explanation.Rules()[0].Effects).ToString());
        Assert.Equal(429, explanation.Reply!.Status);
    }

    [Fact]
    public void Rule_that_would_wait_does_not()
    {
        var rule = Assert.Single(Of(f => f.OnRequest(r => r.Pause(TimeSpan.FromHours(1)))).Rules());

        Assert.Equal((RuleFate.Fired, "would wait 3600000 ms"), (rule.Fate, rule.Remark));
    }

    [Fact]
    public void Body_that_was_not_given_leaves_what_needs_it_open()
    {
        var explanation = Of(WithBody, "POST http://h/", "Content-Length: 5");

        Assert.Equal([RuleFate.Fired, RuleFate.Undecided], explanation.Fates());
        Assert.Equal("would wait for the request's body, which was not given", explanation.Rules()[0].Remark);
        Assert.Equal("needs the request's body, which was not given", explanation.Rules()[1].Condition!.Remark);
        Assert.Equal((false, ExplainedEnd.Forwarded), (explanation.IsCertain, explanation.End));
    }

    [Theory]
    [InlineData("evil", RuleFate.Fired)]
    [InlineData("good", RuleFate.NotFired)]
    public void Body_that_was_given_is_looked_at(string body, RuleFate fate)
    {
        var request = ExampleRequest.Parse("POST http://h/");
        request.Body = Encoding.ASCII.GetBytes(body);

        var explanation = Proxy.Explain(Options(WithBody), request);

        Assert.Equal([RuleFate.Fired, fate], explanation.Fates());
        Assert.True(explanation.IsCertain);
    }

    [Fact]
    public void Request_without_a_body_needs_none()
    {
        var explanation = Of(WithBody);

        Assert.Equal([RuleFate.Fired, RuleFate.NotFired], explanation.Fates());
        Assert.True(explanation.IsCertain);
    }

    [Fact]
    public void Code_that_throws_fails_its_rule()
    {
        var explanation = Of(f => f.OnRequest(r => r.Run("audit", static _ => throw new FormatException("bad")).SetHeader("X", "1")));

        Assert.Equal([RuleFate.Failed, RuleFate.NotReached], explanation.Fates());
        Assert.Equal("threw FormatException: bad", explanation.Rules()[0].Remark);
        Assert.Equal("answered 500: a rule has failed by 'audit'", explanation.Outcome);
    }

    [Fact]
    public void Code_that_may_wait_is_not_run()
    {
        var isRun = false;

        var explanation = Of(f => f.OnRequest(r => r.Run("ask", (_, _) =>
        {
            isRun = true;
            return ValueTask.CompletedTask;
        }).SetHeader("X", "1")));

        Assert.False(isRun);
        Assert.Equal([RuleFate.Fired, RuleFate.Fired], explanation.Fates());
        Assert.Contains("is not run here", explanation.Rules()[0].Remark, StringComparison.Ordinal);
        Assert.False(explanation.IsCertain);
    }

    [Fact]
    public void Services_are_not_asked_either_and_end_the_way()
    {
        var isAsked = false;

        var explanation = Of(f => f.OnRequest(r => r.UseService("orders", (_, _) =>
        {
            isAsked = true;
            return new(Reply.Empty());
        }).SetHeader("X", "1")));

        Assert.False(isAsked);
        Assert.Equal([RuleFate.Fired, RuleFate.NotReached], explanation.Fates());
        Assert.Contains("is not run here", explanation.Rules()[0].Remark, StringComparison.Ordinal);
        Assert.Equal((ExplainedEnd.Answered, "answered by service <orders> by 'use-service orders'"), (explanation.End, explanation.Outcome));
        Assert.Null(explanation.Reply);
        Assert.False(explanation.IsCertain);
    }

    [Fact]
    public void What_clients_send_is_shown_without_its_control_bytes()
    {
        var rule = Assert.Single(
            Of(f => f.OnRequest(r => r.SetVariable("txn.a", Value.Parse("url_param(q),url_dec"))), "http://h/?q=%1b%5b31m%22%01").Rules());

        Assert.Equal("variable txn.a = \"\\x1B[31m\\\"\\x01\"", Assert.Single(rule.Effects).ToString());
    }

    private static void WithBody(FrontendBuilder frontend) => frontend
        .OnRequest(r => r.WaitForBody(TimeSpan.FromSeconds(1)).Deny(when: When("{ req.body -m sub evil }")));
}
