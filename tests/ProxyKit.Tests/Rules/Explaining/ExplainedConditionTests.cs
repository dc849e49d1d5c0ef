using System.Net;
using ProxyKit.Rules;
using ProxyKit.Rules.Explaining;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Testing;
using ProxyKit.Tests.Rules.Acls;
using static ProxyKit.Tests.Rules.Explaining.Explained;

namespace ProxyKit.Tests.Rules.Explaining;

public sealed class ExplainedConditionTests
{
    [Fact]
    public void Rule_that_fires_shows_what_its_condition_saw()
    {
        var rule = Assert.Single(Of(f => f.OnRequest(r => r.SetHeader("X-A", "1", when: When("{ path_beg /a }"))), "http://h/ab").Rules());

        Assert.Equal((RuleFate.Fired, TermTruth.Holds), (rule.Fate, rule.Condition!.Truth));
        Assert.Equal(["\"/ab\""], rule.Condition.Values);
        Assert.Equal("set-header X-A 1 if { path_beg /a }", rule.Text);
    }

    [Fact]
    public void Rule_that_does_not_fire_names_the_term_and_leaves_the_rest_unasked()
    {
        var condition = When("{ path /a } { method POST } { src 10.0.0.0/8 }");

        var rule = Assert.Single(Of(f => f.OnRequest(r => r.Deny(when: condition)), "GET http://h/a").Rules());

        Assert.Equal(RuleFate.NotFired, rule.Fate);
        Assert.Equal(
            [("{ path /a }", TermTruth.Holds), ("{ method POST }", TermTruth.HoldsNot), ("{ src 10.0.0.0/8 }", TermTruth.NotAsked)],
            rule.Condition!.Parts.Select(static p => (p.Text, p.Truth)));
        Assert.Equal(["\"GET\""], rule.Condition.Parts[1].Values);
    }

    [Fact]
    public void Unless_is_told_with_the_term_behind_it()
    {
        var rule = Assert.Single(Of(f => f.OnRequest(r => r.Deny(when: !When("{ src 127.0.0.0/8 }")))).Rules());

        Assert.Equal(RuleFate.NotFired, rule.Fate);
        Assert.Equal(("!{ src 127.0.0.0/8 }", TermTruth.HoldsNot), (rule.Condition!.Text, rule.Condition.Truth));
        var inner = Assert.Single(rule.Condition.Parts);
        Assert.Equal(TermTruth.Holds, inner.Truth);
        Assert.Equal(["127.0.0.1"], inner.Values);
    }

    [Fact]
    public void Named_acl_is_told_by_its_name_with_its_lines()
    {
        var api = Match.Named("is_api", When("{ path_beg /api } or { hdr(host) api.example }"));

        var rule = Assert.Single(Of(f => f.OnRequest(r => r.Deny(when: api)), "http://api.example/").Rules());

        Assert.Equal(("is_api", TermTruth.Holds), (rule.Condition!.Text, rule.Condition.Truth));
        Assert.Equal(
            [("{ path_beg /api }", TermTruth.HoldsNot), ("{ hdr(host) api.example }", TermTruth.Holds)],
            Assert.Single(rule.Condition.Parts).Parts.Select(static p => (p.Text, p.Truth)));
    }

    [Fact]
    public void Value_that_is_not_there_is_told_from_an_empty_one()
    {
        var rules = Of(f => f.OnRequest(r => r.Deny(when: When("{ hdr(x-a) 1 }")).Deny(when: When("{ hdr(x-b) 1 }"))), "http://h/", "X-B:").Rules();

        Assert.Equal([null], rules[0].Condition!.Values);
        Assert.Equal(["\"\""], rules[1].Condition!.Values);
    }

    [Fact]
    public void Values_of_a_list_are_told_until_one_matches()
    {
        var rule = Assert.Single(Of(f => f.OnRequest(r => r.Deny(when: When("{ hdr(x) b }"))), "http://h/", "X: a, b, c").Rules());

        Assert.Equal(["\"a\"", "\"b\""], rule.Condition!.Values);
    }

    [Fact]
    public void Typed_conditions_tell_what_they_look_at()
    {
        var condition = Match.Host("h") & Match.Path("/a/*") & Match.Method("GET") & Match.Header("X-A") & Match.Query("q", "1")
            & Match.Cookie("c") & Match.Source("127.0.0.0/8") & Match.Secure;

        var rule = Assert.Single(Of(f => f.OnRequest(r => r.Deny(when: condition)), "http://h/a/1?q=1", "X-A: v", "Cookie: c=1").Rules());

        Assert.Equal(
            ["\"h\"", "\"/a/1\"", "\"GET\"", "\"v\"", "\"q=1\"", "\"c=1\"", "\"127.0.0.1\""],
            rule.Condition!.Parts.SelectMany(static p => p.Values));
        Assert.Equal(TermTruth.HoldsNot, rule.Condition.Parts[^1].Truth);
    }

    [Fact]
    public void Acl_fetch_tells_the_acls_that_it_asks()
    {
        var rule = Assert.Single(Of(f => f
            .Configure(o => o.Acls["local"] = When("{ src 127.0.0.1 }"))
            .OnRequest(r => r.Deny(when: When("{ acl(local) }")))).Rules());

        Assert.Equal(RuleFate.Fired, rule.Fate);
        Assert.Equal(["true"], rule.Condition!.Values);
        Assert.Equal(["127.0.0.1"], Assert.Single(rule.Condition.Parts).Values);
    }

    [Fact]
    public void Map_look_up_tells_the_value_that_it_found()
    {
        using var map = new TempFile("a.example gold\n");
        var rule = Assert.Single(
            Of(f => f.OnRequest(r => r.Deny(when: When($"{{ req.hdr(host),map(\"{map.Path}\") gold }}"))), "http://a.example/").Rules());

        Assert.Equal(RuleFate.Fired, rule.Fate);
        Assert.Equal(["\"gold\""], rule.Condition!.Values);
    }

    [Fact]
    public void Predicate_that_throws_fails_its_rule_and_ends_the_request()
    {
        var broken = Match.When("is broken", static _ => throw new InvalidOperationException("no\u001b[31m"));

        var explanation = Of(f => f.OnRequest(r => r.Deny(when: When("{ path / }") & broken).SetHeader("X", "1")));

        Assert.Equal([RuleFate.Failed, RuleFate.NotReached], explanation.Fates());
        Assert.Equal((ExplainedEnd.Answered, 500), (explanation.End, explanation.Reply!.Status));
        Assert.Equal("threw InvalidOperationException: no\\x1B[31m", explanation.Rules()[0].Remark);
        Assert.Equal([TermTruth.Holds, TermTruth.Failed], explanation.Rules()[0].Condition!.Parts.Select(static p => p.Truth));
    }

    [Fact]
    public void Fetch_of_a_user_is_asked_once()
    {
        var asked = 0;
        var language = new RuleLanguage().Add(new FetchKeyword
        {
            Name = "mine",
            Type = SampleType.Integer,
            Create = _ => (RuleContext _, ref Sample sample) => sample.Set((long)++asked),
        });

        var rule = Assert.Single(Of(f => f.OnRequest(r => r.Deny(when: Match.Parse("{ mine 2 }", language)))).Rules());

        Assert.Equal(1, asked);
        Assert.Equal(["1"], rule.Condition!.Values);
    }

    [Fact]
    public void What_the_handshake_would_tell_is_left_open()
    {
        using var authority = new TestAuthority();
        var request = ExampleRequest.Parse("https://h:8080/");
        request.ServerName = "shop.example";
        var options = Options(f => f.OnRequest(r => r
            .Deny(when: When("{ ssl_fc_cipher -m sub AES }"))
            .Deny(when: When("{ ssl_fc_cipher -m sub AES } { path /other }"))
            .Deny(when: !When("{ ssl_fc_sni shop.example }"))));
        options.Frontends[0].Binds.Clear();
        options.Frontends[0].Binds.Add(new() { Address = "127.0.0.1:8080", Tls = new() { CertificatePath = authority.Issue() } });

        var explanation = Proxy.Explain(options, request);

        Assert.Equal([RuleFate.Undecided, RuleFate.NotFired, RuleFate.NotFired], explanation.Fates());
        Assert.Equal(TermTruth.Undecided, explanation.Rules()[0].Condition!.Truth);
        Assert.Contains("TLS handshake", explanation.Rules()[0].Condition!.Remark, StringComparison.Ordinal);
        Assert.False(explanation.IsCertain);
        Assert.Equal("127.0.0.1:49152 over TLS for shop.example", explanation.Client);
    }

    [Fact]
    public void State_of_the_process_is_that_of_one_that_has_just_begun()
    {
        var explanation = Of(f => f.OnRequest(r => r.Deny(when: When("{ fe_conn gt 0 }"))));

        Assert.Equal([RuleFate.NotFired], explanation.Fates());
        Assert.Equal("as in a process that has just begun: fe_conn", Assert.Single(explanation.Notes));
    }

    [Fact]
    public void Source_is_the_one_that_was_given()
    {
        var request = ExampleRequest.Parse("http://h:8080/");
        request.Source = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 1);

        var rule = Assert.Single(Proxy.Explain(Options(f => f.OnRequest(r => r.Deny(when: When("{ src 192.0.2.0/24 }")))), request).Rules());

        Assert.Equal(RuleFate.Fired, rule.Fate);
    }
}
