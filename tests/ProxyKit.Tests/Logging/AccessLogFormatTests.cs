using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Logging;

namespace ProxyKit.Tests.Logging;

public sealed class AccessLogFormatTests
{
    [Fact]
    public void An_http_exchange_reads_as_in_httplog() => Assert.Equal(
        "203.0.113.9:51422 [21/Nov/2025:07:28:15.123] edge api/a2 0/1/2/14/17 200 812 - - ---- 12/11/4/2/0 0/0 \"GET /v1/x?y=1 HTTP/1.1\"",
        new LoggedExchange().Line());

    [Fact]
    public void A_tunnel_reads_as_in_tcplog() => Assert.Equal(
        "203.0.113.9:51422 [21/Nov/2025:07:28:15.123] edge api/a2 1/2/19 812 cD 12/11/4/2/0 0/0",
        new LoggedExchange { IsHttp = false, Termination = "cD", RequestLine = [] }.Line());

    [Fact]
    public void A_frontend_with_TLS_has_a_tilde() =>
        Assert.Contains("] edge~ api/a2 ", new LoggedExchange { IsSecure = true }.Line());

    [Fact]
    public void An_unreadable_request_has_no_line_no_server_and_no_timers() => Assert.EndsWith(
        " edge edge/<NOSRV> -1/-1/-1/-1/5 400 0 - - PR-- 1/1/0/0/0 0/0 \"<BADREQ>\"",
        new LoggedExchange
        {
            Backend = "edge",
            Server = null,
            Timers = new(-1, -1, -1, -1, 5, 5),
            Status = 400,
            BytesFromServer = 0,
            Termination = "PR",
            Concurrency = new(1, 1, 0, 0),
            RequestLine = [],
        }.Line());

    [Fact]
    public void A_client_that_left_before_a_server_was_reached_has_the_status_minus_1() =>
        Assert.Contains(" -1 0 - - CC-- ", new LoggedExchange { Status = -1, BytesFromServer = 0, Termination = "CC" }.Line());

    [Theory]
    [InlineData(0, false, "/0 0/0")]
    [InlineData(2, false, "/2 0/0")]
    [InlineData(1, true, "/+1 0/0")]
    public void Retries_have_a_plus_once_another_server_was_tried(int retries, bool redispatched, string expected) =>
        Assert.EndsWith("12/11/4/2" + expected, new LoggedExchange { IsHttp = false, Retries = retries, Redispatched = redispatched }.Line());

    [Theory]
    [InlineData("192.0.2.8:40112", "192.0.2.8:40112")]
    [InlineData("[::ffff:192.0.2.8]:40112", "192.0.2.8:40112")]
    [InlineData("[::1]:59766", "::1:59766")]
    [InlineData("[fe80::1%3]:1", "fe80::1:1")]
    public void A_client_reads_as_address_and_port(string client, string expected)
    {
        Assert.StartsWith(expected + " [", new LoggedExchange { Client = IPEndPoint.Parse(client) }.Line());
        Assert.Equal(expected, AccessLogFormat.ClientText(IPEndPoint.Parse(client)));
    }

    [Fact]
    public void A_client_of_a_unix_socket_reads_as_unix() =>
        Assert.StartsWith("unix:1 [", new LoggedExchange { Client = new UnixDomainSocketEndPoint("/run/gateway.sock") }.Line());

    [Fact]
    public void A_client_whose_address_is_not_known_reads_as_dashes() =>
        Assert.StartsWith("-:- [", new LoggedExchange { Client = null }.Line());

    [Fact]
    public void The_time_is_that_of_the_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(-8.5), null, null);

        Assert.Contains("[20/Nov/2025:22:58:15.123]", new LoggedExchange().Line(zone));
    }

    [Theory]
    [InlineData("2025-01-02T03:04:05.006Z", "02/Jan/2025:03:04:05.006")]
    [InlineData("2026-12-31T23:59:59.999Z", "31/Dec/2026:23:59:59.999")]
    public void The_time_has_all_its_digits(string time, string expected) =>
        Assert.Contains($"[{expected}]", new LoggedExchange { StartedAt = DateTimeOffset.Parse(time, null) }.Line());

    [Theory]
    [InlineData("GET /a\"b HTTP/1.1", "GET /a#22b HTTP/1.1")]
    [InlineData("GET /a#b HTTP/1.1", "GET /a#23b HTTP/1.1")]
    [InlineData("GET /{a|b} HTTP/1.1", "GET /{a|b} HTTP/1.1")]
    [InlineData("GET /\u00ff\n\u007f~ HTTP/1.1", "GET /#FF#0A#7F~ HTTP/1.1")]
    public void Unsafe_bytes_of_the_request_line_are_encoded(string line, string expected) =>
        Assert.EndsWith($" \"{expected}\"", new LoggedExchange { RequestLine = Encoding.Latin1.GetBytes(line) }.Line());

    [Fact]
    public void A_name_beyond_ASCII_is_encoded() =>
        Assert.Contains("] caf#C3#A9 b#22/a2 ", new LoggedExchange { Frontend = "café", Backend = "b\"" }.Line());

    [Fact]
    public void A_long_request_line_is_cut_after_1023_bytes_of_its_own()
    {
        var line = Encoding.ASCII.GetBytes("GET /" + new string('"', 1017) + "bc");

        Assert.EndsWith($" \"GET /{string.Concat(Enumerable.Repeat("#22", 1017))}b\"", new LoggedExchange { RequestLine = line }.Line());
    }

    [Fact]
    public void The_longest_record_fits_into_the_length_that_is_said()
    {
        var name = new string('\u20ac', 300);
        var exchange = new LoggedExchange
        {
            Client = IPEndPoint.Parse("[1111:2222:3333:4444:5555:6666:7777:8888%4294967295]:65535"),
            Frontend = name,
            IsSecure = true,
            Backend = name,
            Server = name,
            Timers = new(long.MinValue, long.MinValue, long.MinValue, long.MinValue, long.MinValue, long.MinValue),
            Status = int.MinValue,
            BytesFromServer = long.MinValue,
            Concurrency = new(int.MinValue, int.MinValue, int.MinValue, int.MinValue),
            Retries = int.MinValue,
            Redispatched = true,
            RequestLine = new byte[5_000],
        };

        Assert.Contains(string.Concat(Enumerable.Repeat("#E2#82#AC", 300)), exchange.Line());
        Assert.Contains(string.Concat(Enumerable.Repeat("#E2#82#AC", 300)), (exchange with { IsHttp = false }).Line());
    }

    [Fact]
    public void Write_allocates_nothing()
    {
        var start = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday);
        var end = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday);
        var summer = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), start, end);
        var zone = TimeZoneInfo.CreateCustomTimeZone("with summer", TimeSpan.FromHours(1), null, null, null, [summer]);
        var exchange = new LoggedExchange { Client = IPEndPoint.Parse("[::ffff:10.1.2.3]:4567"), RequestLine = "GET /\"a\" HTTP/1.1"u8.ToArray() };
        var buffer = new char[1024];
        for (var i = 0; i < 100; i++)
        {
            AccessLogFormat.Write(exchange.ToRecord(), zone, buffer);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            AccessLogFormat.Write(exchange.ToRecord(), zone, buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
