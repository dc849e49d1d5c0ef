using System.Net;
using System.Net.Sockets;
using ProxyKit.Http;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class ConnectionFetchesTests
{
    [Theory]
    [InlineData("src", "192.0.2.7")]
    [InlineData("src_port", "37716")]
    [InlineData("src_is_local", "0")]
    [InlineData("dst", "127.0.0.1")]
    [InlineData("dst_port", "443")]
    [InlineData("dst_is_local", "1")]
    [InlineData("fc_src", "2001:db8::1")]
    [InlineData("fc_src_port", null)]
    [InlineData("fc_dst", "::1")]
    [InlineData("fc_dst_port", "8443")]
    [InlineData("fc_dst_is_local", "1")]
    public void Ends_of_the_connection_are_those_of_rules_and_its_own(string expression, string? expected) => Assert.Equal(expected, new RuleContext
    {
        Session = new RuleSession
        {
            Source = new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.7"), 37_716),
            Destination = new IPEndPoint(IPAddress.Loopback, 443),
            ConnectionSource = new IPEndPoint(IPAddress.Parse("2001:db8::1"), 0),
            ConnectionDestination = new IPEndPoint(IPAddress.IPv6Loopback, 8443),
        },
    }.Ask(expression));

    [Fact]
    public void Source_of_an_exchange_may_be_another_than_that_of_its_session()
    {
        var exchange = TestExchange.For("/").From("10.0.0.1");
        exchange.Context.OverrideSource(new IPEndPoint(IPAddress.Parse("9.9.9.9"), 5));

        Assert.Equal("9.9.9.9", exchange.Ask("src"));
        Assert.Equal("5", exchange.Ask("src_port"));
    }

    [Fact]
    public void Unix_sockets_have_no_address_and_are_local()
    {
        var context = new RuleContext { Session = new RuleSession { Source = new UnixDomainSocketEndPoint("/run/a.sock") } };

        Assert.Null(context.Ask("src"));
        Assert.Null(context.Ask("src_port"));
        Assert.Equal("1", context.Ask("src_is_local"));
        Assert.Null(context.Ask("dst"));
        Assert.Null(context.Ask("dst_is_local"));
    }

    [Fact]
    public void Addresses_of_the_host_are_local()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        var addresses = Dns.GetHostAddresses(Dns.GetHostName());

        Assert.All([.. addresses, IPAddress.Any, IPAddress.Parse("127.9.9.9")], address => Assert.Equal(
            "1", new RuleContext { Session = new RuleSession { Source = new IPEndPoint(address, 1) } }.Ask("src_is_local")));
    }

    [Fact]
    public void Bind_has_a_number_and_perhaps_a_name()
    {
        Assert.Equal("sock1", new RuleContext { Session = new RuleSession { Bind = new("sock1", 1) } }.Ask("so_name"));
        Assert.Null(new RuleContext { Session = new RuleSession() }.Ask("so_name"));
        Assert.Equal("3", new RuleContext { Session = new RuleSession { Bind = new(null, 3) } }.Ask("so_id"));
    }

    [Theory]
    [InlineData("accept_date", "1795251169")]
    [InlineData("accept_date(s)", "1795251169")]
    [InlineData("accept_date(ms)", "1795251169225")]
    [InlineData("accept_date(us)", "1795251169225000")]
    [InlineData("request_date", "1795251169")]
    [InlineData("request_date(ms)", "1795251169250")]
    public void Dates_are_counted_in_the_unit(string expression, string expected) => Assert.Equal(expected, new RuleContext
    {
        Session = new RuleSession { AcceptedAt = DateTimeOffset.FromUnixTimeSeconds(1_795_251_169) },
        Host = new DescribedHost(),
    }.Ask(expression));

    [Fact]
    public void Date_of_the_accept_is_known_before_there_is_a_request()
    {
        var session = new RuleSession { AcceptedAt = DateTimeOffset.FromUnixTimeSeconds(1_795_251_169) };

        Assert.Equal("1795251169", new RuleContext { Session = session }.Ask("accept_date"));
        Assert.Null(new RuleContext { Session = session }.Ask("request_date"));
        Assert.Null(new RuleContext { Session = new RuleSession() }.Ask("accept_date"));
    }

    [Theory]
    [InlineData("fc_err", "0")]
    [InlineData("fc_err_name", "")]
    [InlineData("fc_err_str", "Success")]
    public void Connection_that_can_be_asked_has_no_error(string expression, string expected) =>
        Assert.Equal(expected, new RuleContext().Ask(expression));

    [Fact]
    public void Dates_know_three_units() => Assert.Throws<RuleFaultException>(() => new RuleContext().Ask("accept_date(h)"));

    [Fact]
    public void Version_on_the_wire_is_that_of_an_exchange()
    {
        Assert.Equal("1", TestExchange.For("/").Ask("fc_http_major"));
        Assert.Null(Fetching.Connection("GET / HTTP/1.1\r\n\r\n"u8.ToArray()).Ask("fc_http_major"));

        var exchange = TestExchange.For("/");
        exchange.Request.Protocol = HttpProtocol.Http2;
        Assert.Equal("2", exchange.Ask("fc_http_major"));
        Assert.Equal("2.0", exchange.Ask("req.ver"));
        Assert.Null(exchange.Ask("fc_nb_streams"));
        Assert.Equal("1", TestExchange.For("/").Ask("fc_nb_streams"));
        Assert.Equal("1", new RuleContext().Ask("fc_settings_streams_limit"));
    }
}
