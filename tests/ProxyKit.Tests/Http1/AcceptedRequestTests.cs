using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>What is read out of requests that are accepted. That a server is left one reading is checked with each of them.</summary>
public sealed class AcceptedRequestTests
{
    private const string Plain = "GET /a/b?c=d HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact]
    public void A_plain_request_is_taken_to_pieces_and_passed_on_as_it_came()
    {
        var reading = RequestReading.Accepted(Plain);

        Assert.Equal(RequestMethod.Get, reading.Head.Method);
        Assert.Equal("/a/b?c=d", reading.Head.Target);
        Assert.Equal("/a/b", reading.Head.Path);
        Assert.Equal("c=d", reading.Head.Query);
        Assert.Equal("a", reading.Head.Host);
        Assert.Equal(HttpProtocol.Http11, reading.Head.Protocol);
        Assert.Equal(BodyFraming.None, reading.Head.Framing);
        Assert.True(reading.Head.IsStartLineClean);
        Assert.True(reading.Head.Headers.IsUntouched);
        Assert.Equal(Plain.Length, reading.Result.Consumed);
        Assert.Equal(Plain, reading.Forwarded);
    }

    [Fact]
    public void Bytes_behind_the_head_are_not_touched()
    {
        var reading = RequestReading.Accepted(Plain + "GET /next HTTP/1.1\r\nX: \r\n y\r\n\r\n\0");

        Assert.Equal(Plain.Length, reading.Result.Consumed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\r\n\r")]
    [InlineData("GET")]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r")]
    public void An_unfinished_head_waits_for_more(string wire) =>
        Assert.Equal(ParseStatus.Incomplete, RequestReading.Of(wire).Result.Status);

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("\r\n\n\r\n")]
    public void Empty_lines_before_the_request_are_skipped(string lines)
    {
        var reading = RequestReading.Accepted(lines + Plain);

        Assert.Equal(Plain, reading.Forwarded);
        Assert.Equal(Plain.Length, reading.Head.Length);
        Assert.Equal(lines.Length + Plain.Length, reading.Result.Consumed);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET  /  HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET\t/ \tHTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.7\r\n\r\n", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", "GET / HTTP/1.1\r\nX: a   b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nX: a\r\n\tb\nY: c\r\n\r\n", "GET / HTTP/1.1\r\nX: a  \tb\r\nY: c\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nX:\r\n b\r\n c \r\n\r\n", "GET / HTTP/1.1\r\nX: b   c\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nX: a\r\n \r\n\r\n", "GET / HTTP/1.1\r\nX: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nX: a\n b\nY: c\n\n", "GET / HTTP/1.1\r\nX: a  b\r\nY: c\r\n\r\n")]
    public void What_only_looks_odd_is_passed_on_in_its_plain_form(string wire, string forwarded)
    {
        var reading = RequestReading.Accepted(wire);

        Assert.Equal(forwarded, reading.Forwarded);
        Assert.True(reading.Head.Unchanged.IsEmpty, "the head cannot be passed on as it came");
    }

    [Theory]
    [InlineData("X:a\r\n")]
    [InlineData("X:\ta\r\n")]
    [InlineData("X: a \t\r\n")]
    [InlineData("X:\r\n")]
    [InlineData("X: \xe4\xf6\xfc \xff\r\n")]
    [InlineData("X_y: a\r\n")]
    [InlineData("!#$%&'*+-.^_`|~09azAZ: a\r\n")]
    [InlineData("X: a:b\tc\r\n")]
    [InlineData("Expect: a\r\nexpect: b\r\n")]
    public void Lines_with_one_reading_are_passed_on_as_they_came(string lines)
    {
        var reading = RequestReading.Accepted($"GET / HTTP/1.1\r\n{lines}\r\n");

        Assert.Equal($"GET / HTTP/1.1\r\n{lines}\r\n", reading.Forwarded);
        Assert.False(reading.Head.Unchanged.IsEmpty, "the head can be passed on as it came");
    }

    [Theory]
    [InlineData("Host: a\r\nhost: A\r\n", "Host: a\r\n")]
    [InlineData("Host: a:8080\r\nHost: a:8080\r\nHost: a:8080\r\n", "Host: a:8080\r\n")]
    [InlineData("Host: [::1]:80\r\n", "Host: [::1]:80\r\n")]
    [InlineData("Host:\r\n", "Host:\r\n")]
    [InlineData("Host: a:\r\n", "Host: a:\r\n")]
    [InlineData("Host: [::1]\r\n", "Host: [::1]\r\n")]
    [InlineData("Host: a_b%20\r\n", "Host: a_b%20\r\n")]
    public void One_host_is_left(string lines, string forwarded) =>
        Assert.Equal($"GET / HTTP/1.1\r\n{forwarded}\r\n", RequestReading.Accepted($"GET / HTTP/1.1\r\n{lines}\r\n").Forwarded);

    [Theory]
    [InlineData("Content-Length: 5\r\n", "Content-Length: 5\r\n", 5)]
    [InlineData("Content-Length: 5\r\nX: y\r\ncontent-length: 5\r\n", "Content-Length: 5\r\nX: y\r\n", 5)]
    [InlineData("Content-Length: 5, 5\t,5\r\n", "Content-Length: 5\r\n", 5)]
    [InlineData("Content-Length: 0005\r\n", "Content-Length: 5\r\n", 5)]
    [InlineData("Content-Length: 05\r\nContent-Length: 5,005\r\n", "Content-Length: 5\r\n", 5)]
    [InlineData("Content-Length: 000\r\n", "Content-Length: 0\r\n", 0)]
    [InlineData("Content-Length: 5\r\n \r\n", "Content-Length: 5\r\n", 5)]
    [InlineData("Content-Length:\r\n 5\r\n", "Content-Length: 5\r\n", 5)]
    [InlineData("Content-Length: 18446744073709551615\r\n", "Content-Length: 18446744073709551615\r\n", ulong.MaxValue)]
    [InlineData(
        "Content-Length: 00000000000000000000000000000000000000000000007\r\n", "Content-Length: 7\r\n", 7)]
    public void One_length_is_left(string lines, string forwarded, ulong length)
    {
        var reading = RequestReading.Accepted($"POST / HTTP/1.1\r\n{lines}\r\n");

        Assert.Equal($"POST / HTTP/1.1\r\n{forwarded}\r\n", reading.Forwarded);
        Assert.Equal((BodyFraming.Length, length), (reading.Head.Framing, reading.Head.ContentLength));
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n", false)]
    [InlineData("transfer-encoding: CHUNKED\r\n", false)]
    [InlineData("Transfer-Encoding:\r\n Chunked \r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 31\r\n", true)]
    [InlineData("Content-Length: 3\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", true)]
    public void Chunked_wins_and_is_left_alone_in_lower_case(string lines, bool hadBoth)
    {
        var reading = RequestReading.Accepted($"POST / HTTP/1.1\r\n{lines}\r\n");

        Assert.Equal((BodyFraming.Chunked, 0UL), (reading.Head.Framing, reading.Head.ContentLength));
        Assert.Equal(hadBoth, reading.Head.HadBothLengths);
        Assert.EndsWith(": chunked\r\n\r\n", reading.Forwarded, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_in_http_1_0_are_read_and_noted_as_doubtful()
    {
        var head = RequestReading.Accepted("POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n").Head;

        Assert.Equal((BodyFraming.Chunked, true), (head.Framing, head.HadBothLengths));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    public void Any_method_may_have_a_body_in_http_1_1_and_an_empty_one_in_http_1_0(string method)
    {
        Assert.Equal(3UL, RequestReading.Accepted($"{method} / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc").Head.ContentLength);
        Assert.Equal(0UL, RequestReading.Accepted($"{method} / HTTP/1.0\r\nContent-Length: 0\r\n\r\n").Head.ContentLength);
    }

    [Fact]
    public void A_connect_has_no_body_whatever_it_says()
    {
        var reading = RequestReading.Accepted(
            "CONNECT a:1 HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n");

        Assert.Equal((BodyFraming.None, 0UL), (reading.Head.Framing, reading.Head.ContentLength));
        Assert.Equal("CONNECT a:1 HTTP/1.1\r\nX: y\r\n\r\n", reading.Forwarded);
    }

    [Theory]
    [InlineData("", ConnectionOptions.None)]
    [InlineData("Connection: close\r\n", ConnectionOptions.Close)]
    [InlineData("Connection: Keep-Alive\r\n", ConnectionOptions.KeepAlive)]
    [InlineData("Connection: UPGRADE\r\n", ConnectionOptions.Upgrade)]
    [InlineData("Connection: x-mine\r\n", ConnectionOptions.Others)]
    [InlineData("Connection:\r\n", ConnectionOptions.None)]
    [InlineData("Connection: , close ,\t\r\n", ConnectionOptions.Close)]
    [InlineData("Connection: closed\r\n", ConnectionOptions.Others)]
    [InlineData("Connection: keep-alive, x\r\nconnection: close\r\n",
        ConnectionOptions.KeepAlive | ConnectionOptions.Close | ConnectionOptions.Others)]
    public void All_connection_fields_are_merged(string lines, object options) =>
        Assert.Equal(options, RequestReading.Accepted($"GET / HTTP/1.1\r\n{lines}\r\n").Head.Connection);

    [Theory]
    [InlineData("HTTP/1.1\r\nExpect: 100-continue", true)]
    [InlineData("HTTP/1.1\r\nexpect: 100-Continue", true)]
    [InlineData("HTTP/1.1\r\nExpect: 100", false)]
    [InlineData("HTTP/1.0\r\nExpect: 100-continue", false)]
    public void An_expectation_is_noted_from_http_1_1_on(string wire, bool expects) =>
        Assert.Equal(expects, RequestReading.Accepted($"POST / {wire}\r\n\r\n").Head.ExpectsContinue);

    [Theory]
    [InlineData("Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")]
    [InlineData("Upgrade: websocket\r\n")]
    [InlineData("Connection: upgrade\r\nUpgrade: h2c\r\n")]
    [InlineData("Connection: upgrade\r\n")]
    public void An_upgrade_is_let_through_where_its_key_is_good_or_none_is_needed(string lines) =>
        Assert.Equal(
            $"GET / HTTP/1.1\r\n{lines}\r\n", RequestReading.Accepted($"GET / HTTP/1.1\r\n{lines}\r\n").Forwarded);

    [Fact]
    public void A_head_of_exactly_the_limits_is_accepted()
    {
        const int Limit = RequestHeadParser.DefaultMaxHeadBytes;
        var start = "GET / HTTP/1.1\r\n";
        Assert.Equal(Limit, RequestReading.Accepted($"{start}X: {new string('a', Limit - start.Length - 7)}\r\n\r\n").Head.Length);
        var lines = string.Concat(Enumerable.Range(0, RequestHeadParser.DefaultMaxFields).Select(i => $"X{i}: a\r\n b\r\n"));
        Assert.Equal(RequestHeadParser.DefaultMaxFields, RequestReading.Accepted($"{start}{lines}\r\n").Head.Headers.Count);
        Assert.Equal(ParseStatus.Complete, RequestReading.Of(string.Concat(Enumerable.Repeat("\r\n", 16)) + Plain).Result.Status);
    }

    [Fact]
    public void A_parser_and_a_head_serve_one_request_after_the_other()
    {
        var parser = new RequestHeadParser();
        var head = new RequestHead();
        var first = "CONNECT u:1 HTTP/1.0\r\nHost: u:1\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n"u8.ToArray();
        var refused = "POST http://h:80 HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: x\r\n\r\n"u8.ToArray();
        var last = "GET / HTTP/1.1\r\n\r\n"u8.ToArray();
        parser.Start(head, first, 0);
        Assert.Equal(ParseStatus.Complete, parser.Parse(first.Length).Status);
        parser.Start(head, refused, 0);
        Assert.Equal(ParseStatus.Refused, parser.Parse(refused.Length).Status);
        parser.Start(head, last, 0);
        var result = parser.Parse(last.Length);

        Assert.Equal(
            RequestReading.Accepted("GET / HTTP/1.1\r\n\r\n").Facts(), new RequestReading(result, head, "GET / HTTP/1.1\r\n\r\n").Facts());
    }
}
