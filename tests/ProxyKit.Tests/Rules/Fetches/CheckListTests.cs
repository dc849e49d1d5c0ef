using ProxyKit.Rules;
using ProxyKit.Rules.UserLists;
using ProxyKit.Tests.Rules.UserLists;

namespace ProxyKit.Tests.Rules.Fetches;

/// <summary>What configurations rest on most, and is easily got wrong.</summary>
public sealed class CheckListTests
{
    [Fact]
    public void Header_of_several_lines_is_one_list()
    {
        var exchange = TestExchange.Of("GET / HTTP/1.1", "Host: h", "X: a, b", "X: c");

        Assert.Equal("c", exchange.Ask("req.hdr(x)"));
        Assert.Equal("a | b | c", exchange.Tried("hdr(x)"));
        Assert.Equal("a", exchange.Tried("hdr(x,1)"));
        Assert.Equal("c", exchange.Ask("req.fhdr(x)"));
        Assert.Equal("3", exchange.Ask("req.hdr_cnt(x)"));
    }

    [Fact]
    public void Cookie_is_the_last_by_name_and_the_first_without()
    {
        var exchange = TestExchange.With("Cookie: a=1; a=3");

        Assert.Equal("3", exchange.Ask("req.cook(a)"));
        Assert.Equal("1 | 3", exchange.Tried("cook(a)"));
        Assert.Equal("1", exchange.Ask("req.cook"));
    }

    [Fact]
    public void Parameter_is_the_first_by_name()
    {
        var exchange = TestExchange.For("/?p=1&p=2");

        Assert.Equal("1", exchange.Ask("urlp(p)"));
        Assert.Equal("1 | 2", exchange.Tried("urlp(p)"));
    }

    [Fact]
    public void Address_of_a_header_is_the_last_value_or_none()
    {
        Assert.Equal("9.9.9.9", TestExchange.With("X-Forwarded-For: junk, 10.0.0.1, 9.9.9.9:80").Ask("req.hdr_ip(x-forwarded-for)"));
        Assert.Null(TestExchange.With("X-Forwarded-For: junk, 10.0.0.1, x").Ask("req.hdr_ip(x-forwarded-for)"));
        Assert.Equal("10.0.0.1", TestExchange.With("X-Forwarded-For: junk, 10.0.0.1, x").Tried("hdr_ip(x-forwarded-for)"));
    }

    [Fact]
    public void Query_is_there_behind_a_mark_and_a_path_before_it()
    {
        Assert.Equal("", TestExchange.For("/p?").Ask("query"));
        Assert.Null(TestExchange.For("/p").Ask("query"));
        Assert.Null(TestExchange.For("*").Ask("path"));
    }

    [Fact]
    public void Inspection_waits_for_the_complete_hello()
    {
        var hello = Hello.Record(Hello.Sni("h.ex"));

        Assert.Equal("pending", Fetching.Connection(hello[..^1]).Inspect("req.ssl_sni"));
        Assert.Equal("h.ex", Fetching.Connection(hello).Inspect("req.ssl_sni"));
        Assert.Equal("pending", Fetching.Connection(hello).Inspect("wait_end"));
        Assert.Equal("1", Fetching.Connection(hello, hasAll: true).Inspect("wait_end"));
    }

    [Theory]
    [InlineData("{ hdr(x) b }", true)]
    [InlineData("{ hdr(x,1) b }", false)]
    [InlineData("{ hdr(x) -m found }", true)]
    [InlineData("{ hdr_beg(x) c }", true)]
    [InlineData("{ cook(a) 1 }", true)]
    [InlineData("{ cook(b) -m found }", false)]
    [InlineData("{ urlp(p) 2 }", true)]
    [InlineData("{ hdr_ip(y) 10.0.0.0/8 }", true)]
    [InlineData("{ query -m found }", true)]
    [InlineData("{ path_dir p }", true)]
    [InlineData("{ path_beg /q }", false)]
    [InlineData("{ base_end /p }", true)]
    [InlineData("{ url_sub p=1 }", true)]
    [InlineData("{ method GET }", true)]
    [InlineData("{ method get }", false)]
    [InlineData("{ req.ver 1.1 }", true)]
    [InlineData("{ http_auth(U) }", false)]
    [InlineData("!{ http_auth(U) }", true)]
    [InlineData("{ http_auth_bearer(x-tok) -m found }", true)]
    [InlineData("{ req.body_param(a) -m str 1 }", false)]
    [InlineData("{ src 10.0.0.0/8 }", true)]
    [InlineData("{ wait_end }", true)]
    [InlineData("METH_GET", true)]
    public void Conditions_hold_as_in_HAProxy(string condition, bool expected)
    {
        var exchange = TestExchange.Of(
            "GET /p?p=1&p=2 HTTP/1.1", "Host: h", "X: a, b", "X: c", "Cookie: a=1; a=3", "Y: junk, 10.0.0.1, 9.9.9.9:80").From("10.1.2.3");
        var compiler = new RuleCompiler { UserLists = new Dictionary<string, UserList> { ["U"] = UserListTests.Example() } };

        Assert.Equal(expected, Match.Parse(condition).Compile(compiler).Evaluate(exchange.Context) == Truth.True);
    }

    [Theory]
    [InlineData("{ http_auth_group(U) staff }", true)]
    [InlineData("{ http_auth_group(U) ops }", true)]
    [InlineData("{ http_auth_group(U) -i staff }", true)]
    public void Conditions_about_groups_are_true_in_one_of_them(string condition, bool expected)
    {
        var exchange = TestExchange.With("Authorization: Basic Ym9iOnB3");
        var compiler = new RuleCompiler { UserLists = new Dictionary<string, UserList> { ["U"] = UserListTests.Example() } };

        Assert.Equal(expected, Match.Parse(condition).Compile(compiler).Evaluate(exchange.Context) == Truth.True);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("-i other")]
    [InlineData("-i Staff")]
    [InlineData("-f {0}")]
    public void Group_that_the_list_lacks_is_a_fault(string patterns)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "staff\nother\n");
        var compiler = new RuleCompiler { UserLists = new Dictionary<string, UserList> { ["U"] = UserListTests.Example() } };

        Assert.StartsWith(
            "http_auth_group: unable to find group '",
            Assert.Throws<RuleFaultException>(() => Match.Parse($"{{ http_auth_group(U) {string.Format(null, patterns, file)} }}").Compile(compiler)).Message,
            StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("{ req.ssl_sni -m found }", "Pending")]
    [InlineData("{ req.len gt 1000 }", "Pending")]
    [InlineData("{ req.len gt 2 }", "True")]
    [InlineData("{ wait_end }", "Pending")]
    [InlineData("{ req.ssl_ver 3.1:3.3 }", "Pending")]
    [InlineData("{ payload(0,2) 1603 }", "True")]
    [InlineData("{ payload(0,2) 1604 }", "False")]
    public void Conditions_wait_for_what_may_come(string condition, string expected)
    {
        var context = Fetching.Connection(Hello.Record(Hello.Sni("h.ex"))[..^1]);
        var compiled = Match.Parse(condition).Compile(new RuleCompiler());

        Assert.Equal(expected, compiled.Evaluate(context).ToString());
        context.Received = Hello.Record(Hello.Sni("h.ex"));
        context.HasAll = true;
        Assert.Equal(
            condition.Contains("1000", StringComparison.Ordinal) || expected == "False" ? Truth.False : Truth.True, compiled.Evaluate(context));
    }

    [Fact]
    public void Conditions_of_response_rules_know_nothing_of_the_request()
    {
        var exchange = TestExchange.With("X: request").Answered("HTTP/1.1 200 OK", "X: response");

        Assert.Equal(Truth.False, Match.Parse("{ hdr(x) -m found }").Compile(new RuleCompiler()).Evaluate(exchange.Context));
        Assert.Equal("response", exchange.Ask("hdr(x)"));
    }
}
