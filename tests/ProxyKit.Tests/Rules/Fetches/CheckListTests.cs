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
}
