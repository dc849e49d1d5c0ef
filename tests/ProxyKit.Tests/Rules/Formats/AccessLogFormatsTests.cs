using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Rules.Formats;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class AccessLogFormatsTests
{
    [Theory]
    [InlineData("ordinary")]
    [InlineData("over TLS")]
    [InlineData("refused")]
    [InlineData("left early")]
    [InlineData("redispatched")]
    [InlineData("IPv6")]
    [InlineData("mapped")]
    [InlineData("unix")]
    [InlineData("unknown client")]
    [InlineData("unsafe line")]
    [InlineData("unsafe names")]
    [InlineData("long line")]
    public void Http_and_Tcp_write_the_lines_that_are_written_without_a_format(string exchange)
    {
        var logged = Named(exchange);

        Assert.Equal(logged.Line(), FormatBench.Write(AccessLogFormats.Http, logged));
        var tunnel = logged with { IsHttp = false };
        Assert.Equal(tunnel.Line(), FormatBench.Write(AccessLogFormats.Tcp, tunnel));
    }

    [Fact]
    public void Http_has_the_captures_where_some_are_declared()
    {
        var context = FormatBench.ContextOf(
            new LoggedExchange { Cookies = "VN", IsSecure = true },
            Capture.RequestHeader("Host", 40), Capture.RequestHeader("X", 40), Capture.ResponseSlot(3));
        context.RequestCaptures.Set(0, "shop.example"u8, 40);
        context.RequestCaptures.Set(1, "a|b\"{}\u00e9"u8, 40);

        Assert.Equal(
            "203.0.113.9:51422 [21/Nov/2025:07:28:15.123] edge~ api/a2 0/1/2/14/17 200 812 - - --VN 12/11/4/2/0 0/0 "
            + "{shop.example|a#7Cb#22#7B#7D#C3#A9} {} \"GET /v1/x?y=1 HTTP/1.1\"",
            FormatBench.Write(AccessLogFormats.Http, context));
    }

    [Fact]
    public void Clf_reads_as_web_servers_write_it() => Assert.Equal(
        "203.0.113.9 - - [21/Nov/2025:07:28:15 +0000] \"GET /v1/x?y=1 HTTP/1.1\" 200 812 \"\" \"\" 51422 123 \"edge\" \"api\" \"a2\" "
        + "0 1 2 14 17 ---- 12 11 4 2 0 0 0 \"\" \"\" ",
        FormatBench.Write(AccessLogFormats.Clf));

    [Fact]
    public void Clf_has_each_capture_in_quotes_of_its_own()
    {
        var context = FormatBench.ContextOf(new LoggedExchange(), Capture.RequestSlot(9), Capture.RequestSlot(9), Capture.ResponseSlot(9));
        context.RequestCaptures.Set(0, "h|\""u8, 9);

        Assert.EndsWith(" \"\" \"\" \"h#7C#22\" \"\" \"\"", FormatBench.Write(AccessLogFormats.Clf, context), StringComparison.Ordinal);
    }

    [Fact]
    public void TcpClf_has_no_request() => Assert.Equal(
        "203.0.113.9 - - [21/Nov/2025:07:28:15 +0000] \"TCP \" 000 812 \"\" \"\" 51422 123 \"edge\" \"api\" \"a2\" 0 1 2 19 77 cD-- 12 11 4 2 0 0 0 \"\" \"\"",
        FormatBench.Write(AccessLogFormats.TcpClf, new LoggedExchange { IsHttp = false, Termination = "cD" }));

    [Fact]
    public void The_formats_are_those_of_HAProxy()
    {
        Assert.Equal("%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r", AccessLogFormats.Http);
        Assert.Equal("%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq", AccessLogFormats.Tcp);
        Assert.Equal(
            AccessLogFormats.Http + " %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc",
            AccessLogFormats.Https);
    }

    [Fact]
    public void A_line_is_cut_at_its_limit() => Assert.Equal(
        FormatBench.Write(AccessLogFormats.Http)[..50],
        FormatBench.Write(FormatBench.Compile(AccessLogFormats.Http), FormatBench.ContextOf(new LoggedExchange()), limit: 50));

    private static LoggedExchange Named(string name) => name switch
    {
        "ordinary" => new LoggedExchange(),
        "over TLS" => new LoggedExchange { IsSecure = true },
        "refused" => new LoggedExchange
        {
            Backend = "edge",
            Server = null,
            Timers = new(-1, -1, -1, -1, 5, 5),
            Status = 400,
            BytesFromServer = 0,
            Termination = "PR",
            Concurrency = new(1, 1, 0, 0),
            RequestLine = [],
        },
        "left early" => new LoggedExchange { Status = -1, BytesFromServer = 0, Termination = "CC" },
        "redispatched" => new LoggedExchange { Retries = 2, Redispatched = true },
        "IPv6" => new LoggedExchange { Client = IPEndPoint.Parse("[fe80::1%3]:1") },
        "mapped" => new LoggedExchange { Client = IPEndPoint.Parse("[::ffff:192.0.2.8]:40112") },
        "unix" => new LoggedExchange { Client = new UnixDomainSocketEndPoint("/run/gateway.sock") },
        "unknown client" => new LoggedExchange { Client = null },
        "unsafe line" => new LoggedExchange { RequestLine = [.. "GET /a\"#b{|}\n\u007f~ HTTP/1.1"u8, 0xFF] },
        "unsafe names" => new LoggedExchange { Frontend = "caf\u00e9", Backend = "b\"", Server = new string('\u20ac', 300) },
        "long line" => new LoggedExchange { RequestLine = Encoding.ASCII.GetBytes("GET /" + new string('"', 1017) + "bc") },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
