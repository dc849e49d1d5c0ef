using System.Globalization;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class HeaderFetchesTests
{
    private static readonly TestExchange Exchange = TestExchange.Of(
        "GET / HTTP/1.1", "Host: h", "X: a, b", "X: \"d,e\" , f", "E:", "N: 12abc", "T: abc", "M: -7;x", "W: 4294967298");

    [Theory]
    [InlineData("req.hdr(x)", "f")]
    [InlineData("hdr(X)", "f")]
    [InlineData("req.hdr(x,1)", "a")]
    [InlineData("req.hdr(x,2)", "b")]
    [InlineData("req.hdr(x,-1)", "f")]
    [InlineData("req.hdr(x,-2)", "\"d,e\"")]
    [InlineData("req.hdr(x,-4)", "a")]
    [InlineData("req.hdr(x,-5)", null)]
    [InlineData("req.hdr(x,9)", null)]
    [InlineData("req.hdr(x,0)", "f")]
    [InlineData("req.hdr(none)", null)]
    [InlineData("req.hdr", null)]
    [InlineData("req.hdr()", "4294967298")]
    [InlineData("req.hdr(,1)", "h")]
    [InlineData("req.hdr(e)", "")]
    [InlineData("req.fhdr(x)", "\"d,e\" , f")]
    [InlineData("req.fhdr(x,-2)", "a, b")]
    [InlineData("req.fhdr(x,3)", null)]
    [InlineData("req.hdr_cnt(x)", "4")]
    [InlineData("hdr_cnt(x)", "4")]
    [InlineData("req.hdr_cnt(none)", "0")]
    [InlineData("req.hdr_cnt(e)", "1")]
    [InlineData("req.hdr_cnt", "10")]
    [InlineData("req.hdr_cnt()", "10")]
    [InlineData("req.fhdr_cnt(x)", "2")]
    [InlineData("req.fhdr_cnt(none)", "0")]
    [InlineData("req.fhdr_cnt", "8")]
    [InlineData("req.hdr_val(n)", "12")]
    [InlineData("hdr_val(t)", "0")]
    [InlineData("req.hdr_val(m)", "-7")]
    [InlineData("req.hdr_val(w)", "2")]
    [InlineData("req.hdr_val(e)", "0")]
    [InlineData("req.hdr_val(none)", null)]
    [InlineData("req.hdr_names", "host,x,x,e,n,t,m,w")]
    [InlineData("req.hdr_names(-)", "host-x-x-e-n-t-m-w")]
    [InlineData("req.hdr_names(|x)", "host|x|x|e|n|t|m|w")]
    public void Header_of_a_request_yields_what_is_asked_for(string expression, string? expected) =>
        Assert.Equal(expected, Exchange.Ask(expression));

    [Theory]
    [InlineData("hdr(x)", "a | b | \"d,e\" | f")]
    [InlineData("req.hdr(x,0)", "a | b | \"d,e\" | f")]
    [InlineData("hdr(x,1)", "a")]
    [InlineData("req.fhdr(x)", "a, b | \"d,e\" , f")]
    [InlineData("hdr(none)", "")]
    [InlineData("hdr_sub(x)", "a | b | \"d,e\" | f")]
    [InlineData("req.hdr_val(x)", "0 | 0 | 0 | 0")]
    public void Header_in_a_condition_gives_one_value_after_the_other(string expression, string expected) =>
        Assert.Equal(expected, Exchange.Tried(expression));

    [Theory]
    [InlineData("a,,b", "a |  | b")]
    [InlineData("a,", "a | ")]
    [InlineData(",", " | ")]
    [InlineData(",a", " | a")]
    [InlineData("", "")]
    [InlineData("a \t, b", "a | b")]
    [InlineData("\"a\\\",b\",c", "\"a\\\",b\" | c")]
    [InlineData("a\\,b", "a\\ | b")]
    [InlineData("\"open, c", "\"open, c")]
    public void Header_is_parted_at_commas_outside_quotes(string value, string expected)
    {
        var exchange = TestExchange.With($"X: {value}");

        Assert.Equal(expected, exchange.Tried("req.hdr(x)"));
        Assert.Equal(expected.Split(" | ").Length.ToString(CultureInfo.InvariantCulture), exchange.Ask("req.hdr_cnt(x)"));
    }

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("1.2.3.4:80", "1.2.3.4")]
    [InlineData("1.2.3.4:65535", "1.2.3.4")]
    [InlineData("1.2.3.4:65536", null)]
    [InlineData("1.2.3.4:", null)]
    [InlineData("1.2.3.4:x", null)]
    [InlineData("1.2.3.4x", null)]
    [InlineData("1.2.3.4.5", null)]
    [InlineData("1.2.3", null)]
    [InlineData("256.1.1.1", null)]
    [InlineData("01.02.03.04", "1.2.3.4")]
    [InlineData("::1", "::1")]
    [InlineData("[::1]", "::1")]
    [InlineData("[::1]:80", null)]
    [InlineData("[1.2.3.4]", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("10.0.0.1, x", null)]
    [InlineData("x, 10.0.0.1", "10.0.0.1")]
    public void Header_as_an_address_is_exactly_one(string value, string? expected) =>
        Assert.Equal(expected, TestExchange.With($"X: {value}").Ask("req.hdr_ip(x)"));

    [Fact]
    public void Header_as_an_address_is_passed_over_by_conditions_where_it_is_none()
    {
        var exchange = TestExchange.With("X-Forwarded-For: junk, 10.0.0.1, 9.9.9.9:80");

        Assert.Equal("10.0.0.1 | 9.9.9.9", exchange.Tried("hdr_ip(x-forwarded-for)"));
        Assert.Equal("9.9.9.9", exchange.Ask("req.hdr_ip(x-forwarded-for)"));
        Assert.Equal("10.0.0.1", exchange.Ask("hdr_ip(x-forwarded-for,2)"));
        Assert.Null(exchange.Ask("hdr_ip(x-forwarded-for,1)"));
        Assert.Equal("", exchange.Tried("hdr_ip(x-forwarded-for,1)"));
    }

    [Fact]
    public void Header_sees_the_edits_of_earlier_rules()
    {
        var exchange = TestExchange.With("X: a, b");
        exchange.Request.Headers.Set("x"u8, "c"u8);
        exchange.Request.Headers.Add("X"u8, "d,e"u8);

        Assert.Equal("c | d | e", exchange.Tried("hdr(x)"));
        Assert.Equal("e", exchange.Ask("req.hdr(x)"));
        Assert.Equal("host,x,x", exchange.Ask("req.hdr_names"));

        exchange.Request.Headers.RemoveAll("x"u8);

        Assert.Null(exchange.Ask("req.hdr(x)"));
        Assert.Equal("0", exchange.Ask("req.hdr_cnt(x)"));
    }

    [Fact]
    public void Headers_as_a_block_end_with_an_empty_line() =>
        Assert.Equal("host: h\r\n\r\n", TestExchange.For("/", "h").Ask("req.hdrs"));

    [Fact]
    public void Headers_as_bytes_have_their_lengths_before_them()
    {
        Assert.Equal("04686F737401680000", TestExchange.For("/", "h").Ask("req.hdrs_bin"));
        var long1 = new string('v', 240);
        var long2 = new string('v', 3_000);
        var exchange = TestExchange.Of("GET / HTTP/1.1", $"A: {long1}", $"B: {long2}");
        var value1 = string.Concat(Enumerable.Repeat("76", 240));
        var value2 = string.Concat(Enumerable.Repeat("76", 3_000));

        // 240 is F0 00; 3000 = 0xBB8 is F8, then (3000-240)/16 = 172 in sevens: AC 00
        Assert.Equal($"0161F000{value1}0162F8AC00{value2}0000", exchange.Ask("req.hdrs_bin"));
    }

    [Theory]
    [InlineData("res.hdr(x)", "3")]
    [InlineData("shdr(x)", "3")]
    [InlineData("hdr(x)", "3")]
    [InlineData("res.hdr(x,1)", "1")]
    [InlineData("res.fhdr(x,1)", "1, 2")]
    [InlineData("res.hdr_cnt(x)", "3")]
    [InlineData("shdr_cnt(x)", "3")]
    [InlineData("res.fhdr_cnt(x)", "2")]
    [InlineData("res.hdr_val(x)", "3")]
    [InlineData("shdr_val(x,2)", "2")]
    [InlineData("res.hdr_ip(y)", "10.0.0.1")]
    [InlineData("shdr_ip(x)", null)]
    [InlineData("res.hdr_names", "x,x,y")]
    [InlineData("res.hdrs", "x: 1, 2\r\nx: 3\r\ny: 10.0.0.1\r\n\r\n")]
    [InlineData("res.hdrs_bin", "01780431 2C2032 01780133 01790831302E302E302E310000")]
    [InlineData("req.hdr(x)", null)]
    [InlineData("req.hdr_cnt(x)", null)]
    public void Header_of_a_response_yields_what_is_asked_for(string expression, string? expected) => Assert.Equal(
        expression == "res.hdrs_bin" ? expected?.Replace(" ", "", StringComparison.Ordinal) : expected,
        TestExchange.With("X: request").Answered("HTTP/1.1 200 OK", "X: 1, 2", "X: 3", "Y: 10.0.0.1").Ask(expression));

    [Fact]
    public void Header_conditions_without_a_side_are_about_the_request_even_where_rules_look_at_the_response()
    {
        var exchange = TestExchange.With("X: request").Answered("HTTP/1.1 200 OK", "X: response");

        Assert.Equal("", exchange.Tried("hdr(x)"));
        Assert.Equal("", exchange.Tried("hdr_beg(x)"));
        Assert.Equal("response", exchange.Tried("shdr_beg(x)"));
        Assert.Equal("response", exchange.Ask("hdr(x)"));
        Assert.Null(TestExchange.With("X: request").Ask("res.hdr(x)"));
    }

    [Fact]
    public void Header_refuses_occurrences_too_far_from_the_end()
    {
        Assert.Null(Exchange.Ask("req.hdr(x,-10)"));
        Assert.Contains("-10", Assert.Throws<RuleFaultException>(() => Exchange.Ask("req.hdr(x,-11)")).Message, StringComparison.Ordinal);
    }
}
