using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

public sealed class HeaderConditionTests
{
    private static bool Holds(Condition condition, params string[] fields) =>
        condition.Holds(TestExchange.Of(["GET / HTTP/1.1", "Host: a.example", .. fields]));

    [Theory]
    [InlineData("X-Debug: 1", true)]
    [InlineData("x-debug:", true)]
    [InlineData("X-Debugger: 1", false)]
    [InlineData("X-Debu: 1", false)]
    public void Header_holds_when_the_field_is_there(string field, bool holds) =>
        Assert.Equal(holds, Holds(Match.Header("X-Debug"), field));

    [Fact]
    public void Header_finds_the_fields_that_the_proxy_itself_looks_at() =>
        Assert.True(Holds(Match.Header("user-agent", "curl/8"), "User-Agent: curl/8"));

    [Theory]
    [InlineData("X: beta", true)]
    [InlineData("X:  beta ", true)]
    [InlineData("X: alpha, beta", true)]
    [InlineData("X: beta ,alpha", true)]
    [InlineData("X: \"a,b\",beta", true)]
    [InlineData("X: \"a\\\",b\",beta", true)]
    [InlineData("X: Beta", false)]
    [InlineData("X: beta2", false)]
    [InlineData("X: \"x,beta\"", false)]
    [InlineData("X: \"x,beta", false)]
    [InlineData("X: \"\\", false)]
    [InlineData("X:", false)]
    [InlineData("X: ,", false)]
    public void Header_with_a_value_holds_for_a_line_or_an_element(string field, bool holds) =>
        Assert.Equal(holds, Holds(Match.Header("X", "beta"), field));

    [Fact]
    public void Header_with_a_value_looks_at_every_occurrence() => Assert.True(Holds(Match.Header("X", "beta"), "X: alpha", "x: beta"));

    [Fact]
    public void Header_with_a_comma_in_its_value_holds_for_the_whole_line() =>
        Assert.True(Holds(Match.Header("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), "Date: Sun, 06 Nov 1994 08:49:37 GMT"));

    [Theory]
    [InlineData("X:", true)]
    [InlineData("X: a,", true)]
    [InlineData("X: a,,b", true)]
    [InlineData("X: a", false)]
    public void Header_with_an_empty_value_holds_for_an_empty_line_or_element(string field, bool holds) =>
        Assert.Equal(holds, Holds(Match.Header("X", ""), field));

    [Fact]
    public void Header_compares_values_without_case_when_told()
    {
        Assert.True(Holds(Match.Header("X", "Beta", ignoreCase: true), "X: bETA"));
        Assert.True(Holds(Match.HeaderPrefix("X", "Be", ignoreCase: true), "X: bETA"));
        Assert.True(Holds(Match.HeaderContains("X", "Ta", ignoreCase: true), "X: beTtTA"));
        Assert.True(Holds(Match.HeaderRegex("X", "^Beta$", ignoreCase: true), "X: bETA"));
    }

    [Theory]
    [InlineData("X: curl/8", true)]
    [InlineData("X: a, curl/8", true)]
    [InlineData("X: a curl/8", false)]
    public void HeaderPrefix_holds_for_the_beginning_of_a_line_or_an_element(string field, bool holds) =>
        Assert.Equal(holds, Holds(Match.HeaderPrefix("X", "curl/"), field));

    [Theory]
    [InlineData("X: a bot b", true)]
    [InlineData("X: bot", true)]
    [InlineData("X: robobo, t", false)]
    [InlineData("X: bo", false)]
    [InlineData("X: Bot", false)]
    public void HeaderContains_holds_for_a_text_anywhere(string field, bool holds) =>
        Assert.Equal(holds, Holds(Match.HeaderContains("X", "bot"), field));

    [Theory]
    [InlineData("X: 12", true)]
    [InlineData("X: a, 12", true)]
    [InlineData("X: 12a", false)]
    public void HeaderRegex_searches_lines_and_elements(string field, bool holds) =>
        Assert.Equal(holds, Holds(Match.HeaderRegex("X", "^[0-9]+$"), field));

    [Fact]
    public void Header_sees_the_fields_as_edited()
    {
        var exchange = TestExchange.Of("GET / HTTP/1.1", "Host: a", "X-Plan: gold", "Accept: a");
        exchange.Request.Headers.RemoveAll("X-Plan"u8);
        exchange.Request.Headers.Set("Accept"u8, "b"u8);
        exchange.Request.Headers.Add("X-New"u8, "1"u8);

        Assert.False(Match.Header("X-Plan").Holds(exchange));
        Assert.False(Match.Header("Accept", "a").Holds(exchange));
        Assert.True(Match.Header("Accept", "b").Holds(exchange));
        Assert.True(Match.Header("X-New", "1").Holds(exchange));
    }

    [Theory]
    [InlineData("")]
    [InlineData("X Y")]
    [InlineData("X:")]
    [InlineData("Ü")]
    public void Header_refuses_what_is_no_name(string name)
    {
        Assert.Throws<ArgumentException>(nameof(name), () => Match.Header(name));
        Assert.Throws<ArgumentException>(nameof(name), () => Match.Header(name, "v"));
        Assert.Throws<ArgumentException>(nameof(name), () => Match.HeaderRegex(name, "v"));
    }

    [Fact]
    public void Header_refuses_values_that_are_never_found()
    {
        Assert.Throws<ArgumentException>("value", () => Match.Header("X", "é"));
        Assert.Throws<ArgumentException>("value", () => Match.Header("X", "a\r\nb"));
        Assert.Throws<ArgumentException>("value", () => Match.Header("X", " a"));
        Assert.Throws<ArgumentException>("text", () => Match.HeaderContains("X", ""));
        Assert.Throws<ArgumentException>("text", () => Match.HeaderContains("X", "é"));
        Assert.Throws<ArgumentException>("prefix", () => Match.HeaderPrefix("X", ""));
        Assert.Throws<ArgumentNullException>("value", () => Match.Header("X", null!)); // what a caller without nullable checks can pass
    }
}
