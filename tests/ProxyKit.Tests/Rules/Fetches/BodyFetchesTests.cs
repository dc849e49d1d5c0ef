using System.Text;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class BodyFetchesTests
{
    [Fact]
    public void Body_is_what_is_here_of_it()
    {
        var exchange = Posted("a=1&b=7", "Content-Length: 10");

        Assert.Equal(Convert.ToHexString("a=1&b=7"u8), exchange.Ask("req.body"));
        Assert.Equal("7", exchange.Ask("req.body_len"));
        Assert.Equal("10", exchange.Ask("req.body_size"));
    }

    [Fact]
    public void Body_in_chunks_has_the_size_of_what_is_here() =>
        Assert.Equal("3", Posted("abc", "Transfer-Encoding: chunked").Ask("req.body_size"));

    [Fact]
    public void Body_that_is_not_there_is_empty()
    {
        Assert.Equal("", TestExchange.For("/").Ask("req.body"));
        Assert.Equal("0", TestExchange.For("/").Ask("req.body_len"));
        Assert.Equal("0", TestExchange.For("/").Ask("req.body_size"));
    }

    [Theory]
    [InlineData("req.body_param(a)", "1%20+x")]
    [InlineData("req.body_param(c)", "3")]
    [InlineData("req.body_param(C)", null)]
    [InlineData("req.body_param(C,i)", "3")]
    [InlineData("req.body_param", "1%20+x")]
    [InlineData("req.body_param(d)", null)]
    public void Parameter_of_the_body_is_the_first_of_the_name(string expression, string? expected) =>
        Assert.Equal(expected, Posted("a=1%20+x&b=2;c=3", "Content-Length: 16").Ask(expression));

    [Fact]
    public void Parameter_of_the_body_in_a_condition_gives_one_value_after_the_other() =>
        Assert.Equal("1 | 2", Posted("a=1&a=2", "Content-Length: 7").Tried("req.body_param(a)"));

    private static TestExchange Posted(string body, string field)
    {
        var exchange = TestExchange.Of("POST / HTTP/1.1", "Host: h", field);
        exchange.Context.RequestBody = Encoding.Latin1.GetBytes(body);
        return exchange;
    }
}
