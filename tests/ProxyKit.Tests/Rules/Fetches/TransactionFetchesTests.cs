using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class TransactionFetchesTests
{
    [Theory]
    [InlineData("txn.status", "403", null)]
    [InlineData("txn.conn_retries", "2", "2")]
    [InlineData("txn.redispatched", "1", "1")]
    [InlineData("txn.sess_term_state", "sQ", "sQ")]
    [InlineData("req.bytes_in", "43", "43")]
    [InlineData("bytes_in", "43", "43")]
    [InlineData("res.bytes_in", "172", "172")]
    [InlineData("bytes_out", "172", "172")]
    [InlineData("req.timer.hdr", "1", null)]
    [InlineData("req.timer.queue", "2", "2")]
    [InlineData("bc.timer.connect", "3", "3")]
    [InlineData("res.timer.hdr", "4", null)]
    [InlineData("res.timer.data", "5", "10")]
    [InlineData("txn.timer.total", "15", null)]
    [InlineData("fc.timer.total", "40", "40")]
    [InlineData("fc.timer.handshake", "5", "5")]
    [InlineData("req.timer.idle", "20", null)]
    [InlineData("req.timer.tq", "26", null)]
    [InlineData("txn.timer.user", "20", "20")]
    [InlineData("bc_srv_queue", "8", "8")]
    [InlineData("bc_be_queue", "9", "9")]
    [InlineData("txn.id32", "4", "4")]
    [InlineData("bc_src", "10.0.0.1", "10.0.0.1")]
    [InlineData("bc_src_port", "40000", "40000")]
    [InlineData("bc_dst", "10.0.0.7", "10.0.0.7")]
    [InlineData("bc_dst_port", "80", "80")]
    [InlineData("act_conn", "3", "3")]
    public void Fact_of_the_log_is_told_of_exchanges_and_of_tunnels(string expression, string? ofExchange, string? ofTunnel)
    {
        Assert.Equal(ofExchange, new RuleContext { Host = new DescribedHost() }.Ask(expression));
        Assert.Equal(ofTunnel, new RuleContext { Host = new DescribedHost(isHttp: false) }.Ask(expression));
        Assert.Null(new RuleContext().Ask(expression));
    }

    [Theory]
    [InlineData("status", "404")]
    [InlineData("res.ver", "1.1")]
    [InlineData("resp_ver", "1.1")]
    [InlineData("capture.res.ver", "HTTP/1.1")]
    public void Status_line_is_that_of_the_response(string expression, string expected)
    {
        var exchange = TestExchange.For("/");

        Assert.Null(exchange.Ask(expression));
        Assert.Equal(expected, exchange.Answered("HTTP/1.1 404 Not Found").Ask(expression));
    }

    [Fact]
    public void Status_is_no_sample_once_the_response_was_passed_on()
    {
        var exchange = TestExchange.For("/").Answered("HTTP/1.0 404 Not Found");

        Assert.Null(exchange.Ask("status", new RuleCompiler { Stages = RuleStages.Log }));
        Assert.Null(exchange.Ask("res.ver", new RuleCompiler { Stages = RuleStages.Log }));
        Assert.Equal("HTTP/1.0", exchange.Ask("capture.res.ver"));
    }

    [Fact]
    public void Status_of_the_transaction_is_that_of_the_response_until_the_log_has_one()
    {
        var exchange = TestExchange.For("/").Answered("HTTP/1.1 404 Not Found");
        exchange.Context.Host = new DescribedHost { Status = 0 };
        Assert.Equal("404", exchange.Ask("txn.status"));

        exchange.Context.Host = new DescribedHost();
        Assert.Equal("403", exchange.Ask("txn.status"));
    }

    [Fact]
    public void Method_and_request_line_are_kept_where_the_head_is_gone()
    {
        var exchange = TestExchange.For("/x");
        exchange.Context.Host = new DescribedHost();
        exchange.Request.Release();

        Assert.Equal("GET", exchange.Ask("method"));
        Assert.Equal("GET", exchange.Ask("capture.req.method"));
        Assert.Equal("/", exchange.Ask("capture.req.uri"));
    }

    [Fact]
    public void Captured_header_is_what_its_slot_keeps()
    {
        var exchange = TestExchange.For("/");
        exchange.Context.RequestCaptures.Set(0, "wget/1.2"u8, 4);
        exchange.Context.ResponseCaptures.Set(1, "text/html"u8, 40);

        Assert.Equal("wget", exchange.Ask("capture.req.hdr(0)"));
        Assert.Null(exchange.Ask("capture.req.hdr(1)"));
        Assert.Null(exchange.Ask("capture.res.hdr(0)"));
        Assert.Equal("text/html", exchange.Ask("capture.res.hdr(1)"));
        Assert.Throws<RuleFaultException>(() => exchange.Ask("capture.req.hdr(-1)"));
        Assert.Throws<RuleFaultException>(() => exchange.Ask("capture.req.hdr"));
    }

    [Theory]
    [InlineData("GET /p?x=1 HTTP/1.1", "GET", "/p?x=1", "HTTP/1.1")]
    [InlineData("GET http://h.ex/p?x=1 HTTP/1.0", "GET", "/p?x=1", "HTTP/1.0")]
    [InlineData("GET http://h.ex HTTP/1.0", "GET", "/", "HTTP/1.0")]
    [InlineData("OPTIONS * HTTP/1.1", "OPTIONS", null, "HTTP/1.1")]
    [InlineData("CONNECT h.ex:443 HTTP/1.1", "CONNECT", null, "HTTP/1.1")]
    [InlineData("foo  /p  HTTP/1.1", "foo", "/p", "HTTP/1.1")]
    public void Captured_request_line_is_the_one_that_came(string line, string method, string? uri, string version)
    {
        var exchange = TestExchange.Of(line, "Host: h.ex");
        exchange.Request.RewriteTarget("/other"u8.ToArray(), new Range(0, 6), new Range(6, 6), default);

        Assert.Equal(method, exchange.Ask("capture.req.method"));
        Assert.Equal(uri, exchange.Ask("capture.req.uri"));
        Assert.Equal(version, exchange.Ask("capture.req.ver"));
    }

    [Fact]
    public void Captured_target_is_cut_where_the_log_cuts_the_line() =>
        Assert.Equal(1023 - "GET ".Length, TestExchange.For("/" + new string('a', 2_000)).Ask("capture.req.uri")?.Length);

    [Fact]
    public void Captured_request_line_is_not_there_yet_for_content_rules() => Assert.Null(
        TestExchange.For("/").Ask("capture.req.uri", new RuleCompiler { Stages = RuleStages.FrontendContent }));
}
