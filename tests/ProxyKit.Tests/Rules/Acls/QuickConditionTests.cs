using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Actions;
using ProxyKit.Tests.Rules.Actions;

namespace ProxyKit.Tests.Rules.Acls;

/// <summary>What a list of rules asks itself says what the condition says.</summary>
public sealed class QuickConditionTests
{
    private static readonly string[] Terms =
    [
        "{ path /a }",
        "{ path -i /A }",
        "{ path_beg /a/ }",
        "{ path_dir a }",
        "{ path -m bin 2f61 }",
        "{ path /sixteen-letters }",
        "{ path /seventeen-letter }",
        "{ path -m beg / }",
        "{ path_end .js .css .png }",
        "{ path_beg /a /a-text-that-is-not-short-at-all }",
        "{ path -m found }",
        "{ path_reg ^/a }",
        "{ path,lower /a }",
        "{ req.hdr(host) -i a.example }",
        "{ req.hdr(host) -m end .example .test }",
        "{ hdr(host) -m sub b }",
        "{ hdr_beg(host) a }",
        "{ req.hdr(host,1) a.example }",
        "{ req.hdr(host) -m len 9 }",
        "{ req.fhdr(accept) text/a,text/b }",
        "{ req.hdr(accept) text/b }",
        "{ req.hdr(accept,-1) text/b }",
        "{ req.hdr(accept) -m found }",
        "{ req.hdr(accept) -m str \"text/c\" }",
        "{ req.hdr(x-other) 1 }",
        "{ req.hdr() -m found }",
        "{ req.hdr(user-agent) -m sub -i badbot scanner }",
        "{ req.hdr_cnt(accept) gt 1 }",
        "{ req.hdr_val(content-length) 0 }",
        "{ req.cook(beta) 1 }",
        "{ cook(beta) -m found }",
        "{ method POST }",
        "{ always_false }",
    ];

    private static readonly TestExchange[] Requests =
    [
        TestExchange.For("/a"),
        TestExchange.For("/a/b.css", "b.test"),
        TestExchange.For("/A?x=.js", "A.EXAMPLE"),
        TestExchange.For("*"),
        TestExchange.For("http://a.example"),
        TestExchange.For("http://a.example/a/x.png"),
        TestExchange.With("Accept: text/a,text/b"),
        TestExchange.With("Accept:"),
        TestExchange.With("Accept: \"a,text/b\", text/c"),
        TestExchange.For("/sixteen-letters"),
        TestExchange.For("/seventeen-letter"),
        TestExchange.With("Cookie: beta=1"),
        TestExchange.With("Cookie: gamma=1"),
        TestExchange.With("X-Other: 1"),
        TestExchange.Of("GET /b HTTP/1.1", "Host: b.example", "Accept: text/b", "Accept: text/a", "User-Agent: a BadBot", "Cookie: a=1", "Cookie: beta=2; beta=1"),
        TestExchange.Of("GET /a/ HTTP/1.0"),
        TestExchange.Of("POST /a HTTP/1.1", "Host: a", "Content-Length: 0"),
    ];

    [Fact]
    public void It_says_what_the_condition_says_or_that_this_is_to_be_asked()
    {
        foreach (var condition in Conditions())
        {
            var compiled = condition.Compile(new());
            foreach (var exchange in Requests)
            {
                var said = Ask(compiled, exchange);
                Assert.True(
                    said == Truth.Pending || said == compiled.Evaluate(exchange.Context), $"{condition} of {exchange.Request.Target} is not {said}");
            }
        }
    }

    [Theory]
    [InlineData("{ path /a }", 0)]
    [InlineData("{ path_end .js .css .png }", 0)]
    [InlineData("{ path_reg ^/a }", 16)] // all but the one without a path
    [InlineData("{ req.hdr(host) -m end .example .test }", 0)]
    [InlineData("{ req.hdr(accept) -m found }", 0)]
    [InlineData("{ req.cook(beta) 1 }", 3)] // those with cookies
    [InlineData("{ req.hdr(user-agent) -m sub badbot }", 1)]
    [InlineData("{ req.hdr(x-other) 1 }", 17)] // a field that is not known
    public void What_can_be_decided_is(string condition, int undecided)
    {
        var compiled = Match.Parse(condition).Compile(new());

        Assert.Equal(17, Requests.Length);
        Assert.Equal(undecided, Requests.Count(exchange => Ask(compiled, exchange) == Truth.Pending));
    }

    [Fact]
    public void A_list_goes_by_what_the_condition_says()
    {
        foreach (var condition in Conditions())
        {
            var list = RuleList.Compile([new RuleOptions(RuleActions.Allow) { Condition = condition }], RulePhases.Request, new(), static (_, fault) => Assert.Fail(fault))!;
            var compiled = condition.Compile(new());
            foreach (var exchange in Requests)
            {
                var index = 0;
                var expected = compiled.Evaluate(exchange.Context) == Truth.True ? RuleOutcome.Stop : RuleOutcome.Next;
                Assert.True(expected == list.Run(exchange.Context, ref index), $"{condition} of {exchange.Request.Target} came not to {expected}");
            }
        }
    }

    [Theory]
    [InlineData("{ path_beg /admin/ } !{ src 10.0.0.0/8 }", 1, false)]
    [InlineData("{ req.hdr(user-agent) -m sub -i badbot scanner }", 1, true)]
    [InlineData("!{ req.hdr(x-forwarded-proto) -m found }", 1, true)]
    [InlineData("{ path_end .js .css .png }", 3, true)]
    [InlineData("!{ path_end .js .css .png } { path_beg /a }", 4, true)]
    [InlineData("{ path_end .js .css .png } { path_beg /a }", 0, false)] // any of the three, and the other
    [InlineData("!{ req.hdr(host) -m end .example } || !{ path_beg /1 }", 2, true)]
    [InlineData("{ req.cook(beta) 1 }", 1, true)]
    [InlineData("{ src 10.0.0.0/8 } { path /a }", 0, false)]
    [InlineData("{ req.hdr(x-of-nobody) 1 }", 0, false)]
    [InlineData("{ res.hdr(server) a }", 0, false)]
    public void What_is_usual_stands_in_the_list(string condition, int terms, bool isWhole)
    {
        var quick = Match.Parse(condition).Compile(new()).Quick();

        Assert.Equal((terms, isWhole), (quick.Terms.Length, quick.IsWhole));
    }

    [Theory]
    [InlineData(RulePhases.Response)]
    [InlineData(RulePhases.AfterResponse)]
    [InlineData(RulePhases.ResponseContent)]
    public void Rules_for_a_response_do_not_ask_the_request(object phase)
    {
        var exchange = TestExchange.With("Cookie: beta=1");
        exchange.Context.IsInResponse = true;
        var list = RuleList.Compile(
            [new RuleOptions(RuleActions.Allow) { Condition = !Match.Parse("{ hdr(cookie) -m found }") }],
            (RulePhases)phase,
            new(),
            static (_, fault) => Assert.Fail(fault))!;
        var index = 0;

        Assert.Equal(RuleOutcome.Stop, list.Run(exchange.Context, ref index));
    }

    [Fact]
    public void A_rule_sees_what_the_ones_before_it_made_of_the_request()
    {
        var run = ActionRun.With(TestExchange.For("/a"), new()).Run(
            RulePhases.Request,
            new RuleOptions(RuleActions.SetPath("/b")) { Condition = Match.Parse("{ path /a }") },
            new RuleOptions(RuleActions.SetHeader("x-forwarded-proto", "a")) { Condition = Match.Parse("{ path /b }") },
            new RuleOptions(RuleActions.SetHeader("x-seen", "1")) { Condition = Match.Parse("{ req.hdr(x-forwarded-proto) a }") },
            new RuleOptions(RuleActions.DelHeader("x-forwarded-proto")) { Condition = Match.Parse("{ req.hdr(x-forwarded-proto) -m found }") },
            new RuleOptions(RuleActions.SetHeader("x-gone", "1")) { Condition = Match.Parse("!{ req.hdr(x-forwarded-proto) -m found }") });

        Assert.Equal(["GET /b HTTP/1.1", "Host: a.example", "x-seen: 1", "x-gone: 1"], run.Request);
    }

    private static Truth Ask(Condition compiled, TestExchange exchange)
    {
        var quick = compiled.Quick();
        return QuickCondition.Ask(quick.Terms, exchange.Request, quick.IsAny, quick.IsWhole);
    }

    private static IEnumerable<Condition> Conditions()
    {
        Condition[] all = [.. Terms.Select(static term => Match.Parse(term)).SelectMany<Condition, Condition>(static term => [term, !term])];
        return all.Concat(all.SelectMany(left => all.SelectMany<Condition, Condition>(right => [left & right, left | right, !(left & right), !(left | right)])));
    }
}
