namespace ProxyKit.Tests.Rules;

public sealed class HostConditionTests
{
    [Theory]
    [InlineData("api.haproxy.com")]
    [InlineData("API.HAPROXY.COM:443")] // GW1-05
    [InlineData("api.haproxy.com.")]
    [InlineData("api.haproxy.com.:8080")]
    [InlineData("api.haproxy.com:")]
    [InlineData("api.haproxy.fr")] // GW1-03
    public void Host_holds_for_a_listed_name_whatever_case_port_and_trailing_dot(string host) =>
        Assert.True(Match.Host("api.haproxy.com", "Api.haproxy.fr.").Holds(TestExchange.For("/", host)));

    [Theory]
    [InlineData("api.haproxy.com.evil.example")] // trap 20
    [InlineData("evil-api.haproxy.com")]
    [InlineData("x.api.haproxy.com")]
    [InlineData("haproxy.com")]
    [InlineData("api.haproxy.com..")]
    [InlineData("")]
    public void Host_does_not_hold_for_a_name_that_only_contains_it(string host) =>
        Assert.False(Match.Host("api.haproxy.com").Holds(TestExchange.For("/", host)));

    [Theory]
    [InlineData("a.example.com", true)]
    [InlineData("A.B.Example.Com:80", true)]
    [InlineData("example.com", false)]
    [InlineData(".example.com", false)]
    [InlineData("notexample.com", false)]
    [InlineData("a.example.com.evil.net", false)]
    public void Host_wildcard_holds_for_names_below_the_domain(string host, bool holds)
    {
        Assert.Equal(holds, Match.Host("*.example.com").Holds(TestExchange.For("/", host)));
        Assert.Equal(holds, Match.HostSuffix(".example.com").Holds(TestExchange.For("/", host)));
    }

    [Fact]
    public void Host_star_holds_for_any_host_and_for_none()
    {
        Assert.True(Match.Host("*").Holds(TestExchange.For("/", "whatever")));
        Assert.True(Match.Host("a.example", "*").Holds(TestExchange.Of("GET / HTTP/1.0")));
    }

    [Fact]
    public void Host_of_one_name_does_not_hold_without_a_host() =>
        Assert.False(Match.Host("a.example").Holds(TestExchange.Of("GET / HTTP/1.0")));

    [Theory]
    [InlineData("[2001:db8::1]", true)]
    [InlineData("[2001:DB8::1]:8080", true)]
    [InlineData("[2001:db8::2]", false)]
    public void Host_may_be_an_ipv6_address_in_brackets(string host, bool holds) =>
        Assert.Equal(holds, Match.Host("[2001:db8::1]").Holds(TestExchange.For("/", host)));

    [Fact]
    public void Host_sees_the_field_as_edited()
    {
        var exchange = TestExchange.For("/", "a.example");
        exchange.Request.Headers.Set("Host"u8, "b.example"u8);

        Assert.True(Match.Host("b.example").Holds(exchange));
        Assert.False(Match.Host("a.example").Holds(exchange));
    }

    [Fact]
    public void Host_takes_nothing_but_digits_for_a_port()
    {
        var exchange = TestExchange.For("/");
        exchange.Request.Headers.Set("Host"u8, "a.example:x"u8); // clients are refused such a host

        Assert.False(Match.Host("a.example").Holds(exchange));
    }

    [Fact]
    public void Host_is_that_of_an_absolute_target_where_the_field_is_missing() =>
        Assert.True(Match.Host("b.example").Holds(TestExchange.Of("GET http://B.example:80/x HTTP/1.0")));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a.example:80", "ports are not compared")]
    [InlineData("::1", "in brackets")]
    [InlineData("[x]", "hold no IPv6 address")]
    [InlineData("bücher.example", "xn-- form")]
    [InlineData("*example.com", "*.example.com")]
    [InlineData("a.*.example", "*.example.com")]
    [InlineData("a..example", "empty label")]
    [InlineData(".example", "empty label")]
    [InlineData("*.", "*")]
    [InlineData("a example", "letters, digits")]
    [InlineData("http://a.example", "ports are not compared")]
    [InlineData("a.example/path", "letters, digits")]
    public void Host_refuses_what_is_no_host(string host, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>("hosts", () => Match.Host(host)).Message, StringComparison.Ordinal);

    [Fact]
    public void Host_refuses_a_name_longer_than_names_can_be() =>
        Assert.Throws<ArgumentException>("hosts", () => Match.Host(string.Join('.', Enumerable.Repeat("abcdefg", 32))));

    [Fact]
    public void Host_refuses_an_empty_list_and_null()
    {
        Assert.Throws<ArgumentException>("hosts", () => Match.Host());
        Assert.Throws<ArgumentNullException>("hosts", () => Match.Host(null!)); // what a caller without nullable checks can pass
        Assert.Throws<ArgumentNullException>("hosts", () => Match.Host([null!]));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("*.example.com")]
    [InlineData("")]
    public void HostSuffix_refuses_what_does_not_begin_with_a_dot(string suffix) =>
        Assert.Throws<ArgumentException>("suffixes", () => Match.HostSuffix(suffix));
}
