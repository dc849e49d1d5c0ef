namespace ProxyKit.Tests.Rules.Fetches;

public sealed class CookieFetchesTests
{
    private static readonly TestExchange Exchange = TestExchange.With("Cookie: a=1; b=2x; a=3; q=\"x;y\"; flag; e=; z=9");

    [Theory]
    [InlineData("req.cook(a)", "3")]
    [InlineData("cook(a)", "3")]
    [InlineData("cookie(a)", "3")]
    [InlineData("req.cook", "1")]
    [InlineData("req.cook()", "1")]
    [InlineData("req.cook(A)", null)]
    [InlineData("req.cook(e)", "")]
    [InlineData("req.cook(q)", "\"x;y\"")]
    [InlineData("req.cook(flag)", null)]
    [InlineData("req.cook_cnt(a)", "2")]
    [InlineData("cook_cnt(none)", "0")]
    [InlineData("req.cook_cnt", "6")]
    [InlineData("req.cook_val(b)", "2")]
    [InlineData("cook_val(none)", null)]
    [InlineData("req.cook_names", "a,b,a,q,e,z")]
    [InlineData("req.cook_names(;)", "a;b;a;q;e;z")]
    public void Cookie_of_a_request_yields_what_is_asked_for(string expression, string? expected) =>
        Assert.Equal(expected, Exchange.Ask(expression));

    [Theory]
    [InlineData("cook(a)", "1 | 3")]
    [InlineData("cook", "1 | 2x | 3 | \"x;y\" |  | 9")]
    [InlineData("cook_beg(a)", "1 | 3")]
    [InlineData("cook(none)", "")]
    public void Cookie_in_a_condition_gives_one_value_after_the_other(string expression, string expected) =>
        Assert.Equal(expected, Exchange.Tried(expression));

    [Theory]
    [InlineData("a=1;l=", "l", null)] // HAProxy's: too short to be looked at
    [InlineData("a=1; l=", "l", "")]
    [InlineData("l=", "l", null)]
    [InlineData("l=1, l=2; l=3", "l", "3")]
    [InlineData("$l=1; l=2", "$l", null)]
    [InlineData("$l=1; l=2", "l", "2")]
    [InlineData(" l  =  1 2  ; m=3", "l", "1 2")]
    [InlineData("l=\"x,y\"", "l", "\"x,y\"")]
    [InlineData("l=a=b", "l", "a=b")]
    [InlineData("=x; l=1", "l", "1")]
    public void Cookie_is_found_as_HAProxy_finds_it(string cookie, string name, string? expected) =>
        Assert.Equal(expected, TestExchange.With($"Cookie: {cookie}").Ask($"req.cook({name})"));

    [Fact]
    public void Cookie_without_a_name_finds_what_is_empty_at_the_end()
    {
        var exchange = TestExchange.With("Cookie: l=");

        Assert.Equal("", exchange.Ask("req.cook"));
        Assert.Equal("1", exchange.Ask("req.cook_cnt"));
    }

    [Fact]
    public void Cookies_of_all_lines_are_one_sequence()
    {
        var exchange = TestExchange.Of("GET / HTTP/1.1", "Host: h", "Cookie: a=1", "Cookie: a=2; b=3");

        Assert.Equal("2", exchange.Ask("req.cook(a)"));
        Assert.Equal("1", exchange.Ask("req.cook"));
        Assert.Equal("1 | 2", exchange.Tried("cook(a)"));
    }

    [Fact]
    public void Cookie_names_without_cookies_are_empty_and_there()
    {
        Assert.Equal("", TestExchange.For("/").Ask("req.cook_names"));
        Assert.Null(TestExchange.For("/").Ask("req.cook"));
    }

    [Theory]
    [InlineData("res.cook(a)", "1")]
    [InlineData("scook(a)", "1")]
    [InlineData("cookie(a)", "1")]
    [InlineData("res.cook", "1")]
    [InlineData("res.cook(Path)", "/x")] // what stands behind the comma of a date is taken for a cookie
    [InlineData("res.cook_cnt(a)", "1")]
    [InlineData("scook_cnt(b)", "1")]
    [InlineData("res.cook_val(b)", "2")]
    [InlineData("scook_val(b)", "2")]
    [InlineData("res.cook_names", "a,b")]
    [InlineData("req.cook(a)", null)]
    public void Cookie_of_a_response_yields_what_is_asked_for(string expression, string? expected) => Assert.Equal(
        expected,
        TestExchange.For("/").Answered("HTTP/1.1 200 OK", "Set-Cookie: a=1; Expires=Wed, Path=/x", "Set-Cookie: b=2; HttpOnly").Ask(expression));

    [Fact]
    public void Cookie_count_of_a_response_without_a_name_counts_attributes()
    {
        var exchange = TestExchange.For("/").Answered("HTTP/1.1 200 OK", "Set-Cookie: a=1;Expires=W, x;Path=/");

        Assert.Equal("3", exchange.Ask("res.cook_cnt"));
        Assert.Equal("1 | W | /", exchange.Tried("scook"));
        Assert.Equal("1", exchange.Tried("scook_beg(a)"));
    }
}
