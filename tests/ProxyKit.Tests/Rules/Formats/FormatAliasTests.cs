using System.Net;
using System.Net.Sockets;
using ProxyKit.Rules.Formats;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class FormatAliasTests
{
    private static readonly LoggedExchange Exchange = new()
    {
        AcceptedAt = new DateTimeOffset(2025, 11, 21, 6, 28, 15, 7, TimeSpan.Zero),
        Timers = new(Request: 3, Queue: 1, Connect: 2, Response: 14, Active: 27, Total: 41) { Handshake = 5, Idle = 9 },
        Termination = "sH",
        Cookies = "VN",
        Queues = new(Server: 6, Backend: 8),
        Retries = 2,
        ServerSource = IPEndPoint.Parse("10.0.0.1:33000"),
        ServerAddress = IPEndPoint.Parse("10.0.0.2:80"),
        Number = 42,
        LogNumber = 13,
        Origin = "txn_close",
    };

    [Theory]
    [InlineData("%ci", "203.0.113.9")]
    [InlineData("%cp", "51422")]
    [InlineData("%fi", "198.51.100.4")]
    [InlineData("%fp", "8443")]
    [InlineData("%bi", "10.0.0.1")]
    [InlineData("%bp", "33000")]
    [InlineData("%si", "10.0.0.2")]
    [InlineData("%sp", "80")]
    [InlineData("%f", "edge")]
    [InlineData("%ft", "edge")]
    [InlineData("%b", "api")]
    [InlineData("%s", "a2")]
    [InlineData("%t", "21/Nov/2025:06:28:15.007")]
    [InlineData("%T", "21/Nov/2025:06:28:15 +0000")]
    [InlineData("%Ts", "1763706495")]
    [InlineData("%ms", "007")]
    [InlineData("%tr", "21/Nov/2025:07:28:15.123")]
    [InlineData("%trg", "21/Nov/2025:07:28:15 +0000")]
    [InlineData("%Th", "5")]
    [InlineData("%Ti", "9")]
    [InlineData("%TR", "3")]
    [InlineData("%Tq", "17")]
    [InlineData("%Tw", "1")]
    [InlineData("%Tc", "2")]
    [InlineData("%Tr", "14")]
    [InlineData("%Td", "7")]
    [InlineData("%Ta", "27")]
    [InlineData("%Tt", "41")]
    [InlineData("%Tu", "32")]
    [InlineData("%B", "812")]
    [InlineData("%U", "77")]
    [InlineData("%ST", "200")]
    [InlineData("%ac/%fc/%bc/%sc", "12/11/4/2")]
    [InlineData("%rc", "2")]
    [InlineData("%sq/%bq", "6/8")]
    [InlineData("%lc", "13")]
    [InlineData("%rt", "42")]
    [InlineData("%ts", "sH")]
    [InlineData("%tsc", "sHVN")]
    [InlineData("%r", "GET /v1/x?y=1 HTTP/1.1")]
    [InlineData("%HM", "GET")]
    [InlineData("%HV", "HTTP/1.1")]
    [InlineData("%HU", "/v1/x?y=1")]
    [InlineData("%HP", "/v1/x")]
    [InlineData("%HPO", "/v1/x")]
    [InlineData("%HQ", "?y=1")]
    [InlineData("%CC", "-")]
    [InlineData("%CS", "-")]
    [InlineData("%ID", "-")]
    [InlineData("%sslv", "-")]
    [InlineData("%sslc", "-")]
    [InlineData("%OG", "txn_close")]
    [InlineData("%o", "")]
    [InlineData("%ts--", "sH--")]
    public void An_alias_writes_its_fact(string format, string expected) => Assert.Equal(expected, FormatBench.Write(format, Exchange));

    [Fact]
    public void Local_dates_are_those_of_the_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(-8.5), null, null);

        Assert.Equal(
            "20/Nov/2025:21:58:15.007|20/Nov/2025:21:58:15 -0830|20/Nov/2025:22:58:15.123|20/Nov/2025:22:58:15 -0830|21/Nov/2025:06:28:15 +0000",
            FormatBench.Write(FormatBench.Compile("%t|%Tl|%tr|%trl|%T", zone: zone), FormatBench.ContextOf(Exchange)));
    }

    [Fact]
    public void The_process_and_the_machine_write_themselves()
    {
        Assert.Equal($"{Environment.ProcessId}", FormatBench.Write("%pid"));
        Assert.Equal(Dns.GetHostName(), FormatBench.Write("%H"));
    }

    [Fact]
    public void A_frontend_with_TLS_has_a_tilde() =>
        Assert.Equal("edge~ edge", FormatBench.Write("%ft %f", Exchange with { IsSecure = true }));

    [Fact]
    public void Who_was_never_reached_has_no_address() => Assert.Equal(
        "-:- -:- edge/<NOSRV>",
        FormatBench.Write("%si:%sp %bi:%bp %b/%s", Exchange with { Backend = "edge", Server = null, ServerAddress = null, ServerSource = null }));

    [Fact]
    public void A_client_of_a_unix_socket_has_the_number_of_its_bind()
    {
        var context = FormatBench.ContextOf(Exchange with { Client = new UnixDomainSocketEndPoint("/run/a.sock") });
        Assert.Equal("unix:1", FormatBench.Write("%ci:%cp", context));

        context.Session.Bind = new(null, 7);
        Assert.Equal("unix:7", FormatBench.Write("%ci:%cp", context));
    }

    [Fact]
    public void Without_an_accept_of_its_own_the_request_is_the_accept() =>
        Assert.Equal("21/Nov/2025:07:28:15.123 123", FormatBench.Write("%t %ms", Exchange with { AcceptedAt = default }));

    [Theory]
    [InlineData(-1, 5, 9, "-1")]
    [InlineData(3, -1, 9, "-1")]
    [InlineData(3, 5, -1, "-1")]
    [InlineData(0, 0, 0, "0")]
    public void The_time_to_the_request_is_known_only_with_all_its_parts(long request, long handshake, long idle, string expected) => Assert.Equal(
        expected,
        FormatBench.Write("%Tq", Exchange with { Timers = new(request, 0, 0, 0, 0, 0) { Handshake = handshake, Idle = idle } }));

    [Theory]
    [InlineData(true, 14, "7")]
    [InlineData(true, -1, "-1")]
    [InlineData(false, -1, "24")]
    public void The_data_time_begins_with_the_response_or_the_connection(bool isHttp, long response, string expected) => Assert.Equal(
        expected, FormatBench.Write("%Td", Exchange with { IsHttp = isHttp, Timers = Exchange.Timers with { Response = response } }));

    [Fact]
    public void What_will_still_grow_has_a_plus() =>
        Assert.Equal("+812 +77 +27 +41 +32 14", FormatBench.Write("%B %U %Ta %Tt %Tu %Tr", Exchange with { IsEarly = true }));

    [Fact]
    public void Retries_have_a_plus_once_another_server_was_tried() =>
        Assert.Equal("+2", FormatBench.Write("%rc", Exchange with { Redispatched = true }));

    [Theory]
    [InlineData("GET /a HTTP/1.1", "GET|/a|/a|/a||HTTP/1.1")]
    [InlineData("GET /a? HTTP/1.1", "GET|/a?|/a|/a|?|HTTP/1.1")]
    [InlineData("GET http://h.example/x/y?q HTTP/1.1", "GET|http://h.example/x/y?q|http://h.example/x/y|/x/y|?q|HTTP/1.1")]
    [InlineData("GET http://h.example HTTP/1.1", "GET|http://h.example|http://h.example|||HTTP/1.1")]
    [InlineData("OPTIONS * HTTP/1.1", "OPTIONS|*|*|||HTTP/1.1")]
    [InlineData("CONNECT h.example:443 HTTP/1.1", "CONNECT|h.example:443|h.example:443|||HTTP/1.1")]
    [InlineData("GET /a", "GET|/a|/a|/a||")]
    [InlineData("GET", "GET|||||")]
    [InlineData("", "<BADREQ>|<BADREQ>|<BADREQ>|<BADREQ>|<BADREQ>|<BADREQ>")]
    public void The_request_line_has_these_parts(string line, string expected) => Assert.Equal(
        expected, FormatBench.Write("%HM|%HU|%HP|%HPO|%HQ|%HV", Exchange with { RequestLine = System.Text.Encoding.Latin1.GetBytes(line) }));

    [Fact]
    public void A_long_target_is_cut_with_its_line_and_the_version_stays()
    {
        var exchange = Exchange with { RequestLine = System.Text.Encoding.Latin1.GetBytes($"GET /{new string('a', 2000)} HTTP/1.1") };

        Assert.Equal("GET /" + new string('a', 1018), FormatBench.Write("%r", exchange));
        Assert.Equal("/" + new string('a', 1018), FormatBench.Write("%HU", exchange));
        Assert.Equal("HTTP/1.1", FormatBench.Write("%HV", exchange));
    }

    [Fact]
    public void A_context_that_is_no_running_exchange_has_what_it_knows()
    {
        var exchange = TestExchange.For("/x").From("192.0.2.8");
        exchange.Context.Session.AcceptedAt = new DateTimeOffset(2025, 11, 21, 7, 28, 15, 0, TimeSpan.Zero);

        Assert.Equal(
            "192.0.2.8:50000 [21/Nov/2025:07:28:15.000] public public/<NOSRV> -1/-1/-1/-1/0 0 0 - - ---- 0/0/0/0/0 0/0 \"GET /x HTTP/1.1\"",
            FormatBench.Write(AccessLogFormats.Http, exchange.Context));
    }

    [Theory]
    [InlineData("HM")]
    [InlineData("HV")]
    [InlineData("HU")]
    [InlineData("HP")]
    [InlineData("HPO")]
    [InlineData("HQ")]
    [InlineData("CC")]
    [InlineData("CS")]
    [InlineData("r")]
    [InlineData("tr")]
    [InlineData("trg")]
    [InlineData("trl")]
    [InlineData("Ta")]
    [InlineData("Ti")]
    [InlineData("TR")]
    [InlineData("Tr")]
    [InlineData("Tq")]
    public void An_alias_of_requests_is_refused_in_a_TCP_proxy(string alias)
    {
        var format = LogFormat.Parse($"%ci %{alias}");

        Assert.Same(format, format.CheckMode(ProxyMode.Http));
        var fault = Assert.Throws<ProxyKit.Rules.RuleFaultException>(() => format.CheckMode(ProxyMode.Tcp));
        Assert.Equal($"format alias '{alias}' is reserved for HTTP mode", fault.Message);
    }

    [Fact]
    public void A_TCP_proxy_may_name_all_others() => LogFormat.Parse(
        "%o %OG %B %U %H %ID %ST %T %Tl %Ts %ms %t %Tc %Td %Th %Tt %Tu %Tw %ac %fc %bc %sc %rc %b %s %f %ft %bi %bp %bq %sq %ci %cp %fi %fp "
        + "%si %sp %hr %hs %hrl %hsl %lc %pid %rt %sslc %sslv %ts %tsc").CheckMode(ProxyMode.Tcp);
}
