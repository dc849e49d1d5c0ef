using System.Text;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class RequestLineFetchesTests
{
    [Theory]
    [InlineData("GET", "/p;j=1?a=1", "/p;j=1?a=1", "/p;j=1", "/p;j=1?a=1", "a=1", "h.ex/p;j=1")]
    [InlineData("GET", "/p?", "/p?", "/p", "/p?", "", "h.ex/p")]
    [InlineData("GET", "/p", "/p", "/p", "/p", null, "h.ex/p")]
    [InlineData("OPTIONS", "*", "*", null, null, null, "h.ex")]
    [InlineData("GET", "http://h.ex/x?y", "http://h.ex/x?y", "/x", "/x?y", "y", "h.ex/x")]
    [InlineData("GET", "http://h.ex", "http://h.ex/", "/", "/", null, "h.ex/")]
    [InlineData("OPTIONS", "http://h.ex", "http://h.ex", null, null, null, "h.ex")]
    [InlineData("OPTIONS", "http://h.ex/x", "http://h.ex/x", "/x", "/x", null, "h.ex/x")]
    [InlineData("CONNECT", "h.ex:443", "h.ex:443", null, null, null, "h.ex")]
    [InlineData("GET", "/a?b?c", "/a?b?c", "/a", "/a?b?c", "b?c", "h.ex/a")]
    [InlineData("GET", "/%41/../+", "/%41/../+", "/%41/../+", "/%41/../+", null, "h.ex/%41/../+")]
    public void Target_is_taken_to_pieces(
        string method, string target, string url, string? path, string? pathq, string? query, string @base)
    {
        var exchange = TestExchange.Of($"{method} {target} HTTP/1.1", "Host: h.ex");

        Assert.Equal(url, exchange.Ask("url"));
        Assert.Equal(path, exchange.Ask("path"));
        Assert.Equal(pathq, exchange.Ask("pathq"));
        Assert.Equal(query, exchange.Ask("query"));
        Assert.Equal(@base, exchange.Ask("base"));
    }

    [Theory]
    [InlineData("/p?a=1", "?a=1")]
    [InlineData("/p?", "")]
    [InlineData("/p", null)]
    public void Query_with_its_mark_has_it_only_before_something(string target, string? expected) =>
        Assert.Equal(expected, TestExchange.For(target).Ask("query(with_qm)"));

    [Theory]
    [InlineData("Host: A.ex:80", "/a?b", "A.ex:80/a", "A.ex:80/a?b")]
    [InlineData("Host:", "/a?b", "/a", "/a?b")]
    [InlineData("X: y", "/a?b", "/a", "/a?b")]
    [InlineData("X: y", "http://h.ex/a?b", "/a", "/a?b")]
    public void Base_is_the_first_host_and_the_path(string field, string target, string @base, string baseq)
    {
        var exchange = TestExchange.Of($"GET {target} HTTP/1.1", field);

        Assert.Equal(@base, exchange.Ask("base"));
        Assert.Equal(baseq, exchange.Ask("baseq"));
    }

    [Theory]
    [InlineData("base32", "2092082111")]
    [InlineData("url32", "1344705551")]
    [InlineData("base32+src", "7CB2A3BF7F000001")]
    [InlineData("url32+src", "5026940F7F000001")]
    public void Hashes_are_those_of_HAProxy(string expression, string expected) =>
        Assert.Equal(expected, TestExchange.For("/p?", "h.ex").From("127.0.0.1").Ask(expression));

    [Fact]
    public void Hashes_of_other_requests_are_those_of_HAProxy()
    {
        Assert.Equal("1983837113", TestExchange.For("/", "h").Ask("base32"));
        Assert.Equal("1983593121", TestExchange.Of("OPTIONS http://h.ex HTTP/1.1", "Host: h.ex").Ask("base32"));
        Assert.Equal("2914025551", TestExchange.For("http://1.2.3.4:8080/x?a", "1.2.3.4:8080").Ask("url32"));
        Assert.Equal("998692128", TestExchange.Of("GET /p?a HTTP/1.1", "X: y").Ask("url32"));
    }

    [Fact]
    public void Hashes_with_a_source_need_one()
    {
        Assert.Null(TestExchange.For("/").Ask("base32+src"));
        Assert.Equal(40, TestExchange.For("/").From("2001:db8::1").Ask("base32+src")?.Length);
    }

    [Theory]
    [InlineData("http://1.2.3.4:8080/x", "1.2.3.4", "8080")]
    [InlineData("http://1.2.3.4/x", "1.2.3.4", "80")]
    [InlineData("https://1.2.3.4/x", "1.2.3.4", "443")]
    [InlineData("http://h.ex:8080/x", null, null)]
    [InlineData("http://[::1]:8080/x", null, null)]
    [InlineData("/x", null, null)]
    public void Address_of_a_target_is_that_of_an_absolute_one(string target, string? address, string? port)
    {
        var host = target.StartsWith('/') ? "h" : new Uri(target).Authority;
        var exchange = TestExchange.For(target, host);

        Assert.Equal(address, exchange.Ask("url_ip"));
        Assert.Equal(port, exchange.Ask("url_port"));
    }

    [Theory]
    [InlineData("/?p=1&p=2", "urlp(p)", "1")]
    [InlineData("/?p=1&p=2", "url_param(p)", "1")]
    [InlineData("/?f&x=1", "urlp", "1")]
    [InlineData("/?f&x=1", "urlp(f)", null)]
    [InlineData("/?f=&x=1", "urlp(f)", "")]
    [InlineData("/p;j=S1?a=1", "urlp(j,;)", "S1?a=1")]
    [InlineData("/p;j=S1?a=1", "urlp(j)", null)]
    [InlineData("/?P=1", "urlp(p)", null)]
    [InlineData("/?P=1", "urlp(p,,i)", "1")]
    [InlineData("/?a=1;b=2", "urlp(b)", "2")]
    [InlineData("/?a=%20+", "urlp(a)", "%20+")]
    [InlineData("/?ab=1&a=2", "urlp(a)", "2")]
    [InlineData("/?a=1?b=2", "urlp(a)", "1")]
    [InlineData("/?=5&a=1", "urlp", "5")]
    [InlineData("/x", "urlp(a)", null)]
    [InlineData("/?a=1%20", "urlp_val(a)", "1")]
    [InlineData("/?a=x", "urlp_val(a)", "0")]
    [InlineData("/?a=-7x", "urlp_val(a)", "-7")]
    [InlineData("/?b=1", "urlp_val(a)", null)]
    public void Parameter_is_the_first_of_the_name(string target, string expression, string? expected) =>
        Assert.Equal(expected, TestExchange.For(target).Ask(expression));

    [Theory]
    [InlineData("urlp(p)", "1 |  | 2")]
    [InlineData("urlp", "1 |  | 5 | 2")]
    [InlineData("urlp_beg(p)", "1 |  | 2")]
    [InlineData("urlp(none)", "")]
    public void Parameter_in_a_condition_gives_one_value_after_the_other(string expression, string expected) =>
        Assert.Equal(expected, TestExchange.For("/?p=1&p=;q=5&f&p=2").Tried(expression));

    [Theory]
    [InlineData("PATCH", "PATCH")]
    [InlineData("foo", "foo")]
    public void Method_prints_as_it_came(string method, string expected) =>
        Assert.Equal(expected, TestExchange.Of($"{method} / HTTP/1.1", "Host: h").Ask("method"));

    [Theory]
    [InlineData("HTTP/1.0", "1.0")]
    [InlineData("HTTP/1.1", "1.1")]
    public void Version_is_its_number(string version, string expected)
    {
        var exchange = TestExchange.Of($"GET / {version}", "Host: h");

        Assert.Equal(expected, exchange.Ask("req.ver"));
        Assert.Equal(expected, exchange.Ask("req_ver"));
    }

    [Fact]
    public void Request_line_fetches_see_a_rewritten_target()
    {
        var exchange = TestExchange.For("/old?q=1", "h");
        exchange.Request.RewriteTarget("/new?r=2"u8.ToArray(), new Range(0, 4), new Range(5, 8), default);

        Assert.Equal("/new", exchange.Ask("path"));
        Assert.Equal("/new?r=2", exchange.Ask("pathq"));
        Assert.Equal("r=2", exchange.Ask("query"));
        Assert.Equal("h/new", exchange.Ask("base"));
        Assert.Equal("2", exchange.Ask("urlp(r)"));
    }

    [Fact]
    public void Method_and_version_are_kept_for_the_response_and_the_rest_is_not()
    {
        var exchange = TestExchange.For("/x?a=1").Answered("HTTP/1.1 200 OK");

        Assert.Equal("GET", exchange.Ask("method"));
        Assert.Equal("1.1", exchange.Ask("req.ver"));
        Assert.All(["path", "pathq", "query", "url", "base", "base32", "urlp(a)", "req.body", "req.hdr(host)"], expression =>
            Assert.Null(exchange.Ask(expression)));
    }

    [Fact]
    public void First_request_is_that_of_the_connection()
    {
        var exchange = TestExchange.For("/");

        Assert.Equal("0", exchange.Ask("http_first_req"));
        exchange.Context.IsFirstRequest = true;
        Assert.Equal("1", exchange.Ask("http_first_req"));
    }

    [Theory]
    [InlineData("query(x)")]
    [InlineData("urlp(a,ab)")]
    [InlineData("urlp(a,,x)")]
    [InlineData("urlp(a,,i,b)")]
    [InlineData("path(a)")]
    public void Faulty_arguments_are_refused(string expression) =>
        Assert.Throws<RuleFaultException>(() => TestExchange.For("/").Ask(expression));

    [Theory]
    [InlineData("", "pending")]
    [InlineData("GET /x?a=1 HT", "pending")]
    [InlineData("GET /x?a=1 HTTP/1.1\r\nHost: h\r\n", "pending")]
    [InlineData("GET /x?a=1 HTTP/1.1\r\nHost: h\r\n\r\nbody", "/x")]
    [InlineData("GET /x?a=1 HTTP/9.1\r\nHost: h\r\n\r\n", "NS")]
    [InlineData("\u0016\u0003\u0001", "NS")]
    public void Requests_in_TCP_mode_are_read_once_their_head_is_complete(string received, string expected) =>
        Assert.Equal(expected, Fetching.Connection(Encoding.Latin1.GetBytes(received)).Inspect("path"));

    [Fact]
    public void Requests_in_TCP_mode_are_read_on_as_they_come()
    {
        var bytes = "POST /x?a=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nX: 1, 2\r\n\r\nab"u8.ToArray();
        var context = Fetching.Connection([]);
        for (var length = 0; length < bytes.Length - 2; length++)
        {
            context.Received = bytes.AsSpan(0, length).ToArray(); // moved each time
            Assert.Equal("pending", context.Inspect("req.hdr(x)"));
            Assert.Equal("pending", context.Inspect("req.proto_http"));
        }

        context.Received = bytes;
        Assert.Equal("2", context.Inspect("req.hdr(x)"));
        Assert.Equal("1", context.Inspect("req.proto_http"));
        Assert.Equal("1", context.Inspect("req_proto_http"));
        Assert.Equal("POST", context.Inspect("method"));
        Assert.Equal("1.1", context.Inspect("req.ver"));
        Assert.Equal("9", context.Inspect("req.body_size"));
        Assert.Equal("NS", context.Inspect("capture.req.uri"));

        context.Reset();
        context.Received = "GET /y HTTP/1.1\r\n\r\n"u8.ToArray();
        Assert.Equal("/y", context.Ask("path"));
    }

    [Fact]
    public void Requests_in_TCP_mode_that_do_not_come_are_no_sample_in_the_end()
    {
        Assert.Equal("NS", Fetching.Connection("GET"u8.ToArray(), hasAll: true).Inspect("path"));
        Assert.Equal("NS", Fetching.Connection([], hasAll: true).Inspect("method"));
        Assert.Equal("NS", Fetching.Connection("xx"u8.ToArray(), hasAll: true).Inspect("req.proto_http"));
        Assert.Equal("1", TestExchange.For("/").Ask("req.proto_http"));
    }
}
