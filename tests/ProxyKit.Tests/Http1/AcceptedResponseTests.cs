using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>What is read out of responses that are accepted. That a client is left one reading is checked with each of them.</summary>
public sealed class AcceptedResponseTests
{
    private const string Plain = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";

    [Fact]
    public void A_plain_response_is_taken_to_pieces_and_passed_on_as_it_came()
    {
        var reading = ResponseReading.Accepted(Plain + "abc");

        Assert.Equal((200, "OK", HttpProtocol.Http11), (reading.Head.Status, reading.Head.Reason, reading.Head.Protocol));
        Assert.Equal((BodyFraming.Length, 3UL), (reading.Head.Framing, reading.Head.ContentLength));
        Assert.Equal(Plain.Length, reading.Result.Consumed);
        Assert.Equal(Plain.Length, reading.Head.Unchanged.Length);
        Assert.Equal(Plain, reading.Forwarded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTT")]
    [InlineData("HTTP/1.1 200 OK\r")]
    [InlineData("HTTP/1.1 200 OK\r\nServer")]
    [InlineData("HTTP/1.1 200 OK\r\n\r")]
    public void An_unfinished_head_waits_for_more(string wire) =>
        Assert.Equal(ParseStatus.Incomplete, ResponseReading.Of(wire).Result.Status);

    [Theory]
    [InlineData("HTTP/1.1 200 \r\n", "HTTP/1.1 200 \r\n")]
    [InlineData("HTTP/1.1 200\r\n", "HTTP/1.1 200 \r\n")]
    [InlineData("HTTP/1.1 200\n", "HTTP/1.1 200 \r\n")]
    [InlineData("HTTP/1.1  200 OK\r\n", "HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1\t200\tOK\r\n", "HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200  OK \r\n", "HTTP/1.1 200  OK \r\n")]
    [InlineData("HTTP/1.0 200 OK\r\n", "HTTP/1.0 200 OK\r\n")]
    [InlineData("HTTP/1.9 200 OK\r\n", "HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 999 \xdc" + "ber\tall\r\n", "HTTP/1.1 999 \xdc" + "ber\tall\r\n")]
    public void Status_lines_are_passed_on_in_their_plain_form(string line, string forwarded) =>
        Assert.Equal(forwarded + "X: y\r\n\r\n", ResponseReading.Accepted(line + "X: y\r\n\r\n").Forwarded);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\n")]
    [InlineData("HTTP/1.1 200 OK\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n")]
    [InlineData("HTTP/1.1 200\r\n\r\n")]
    public void Odd_line_ends_keep_a_head_from_being_passed_on_as_it_came(string wire) =>
        Assert.True(ResponseReading.Accepted(wire).Head.Unchanged.IsEmpty);

    public static TheoryData<string, string, string, object, ulong, string> Framings => new()
    {
        { "GET", "200", "", BodyFraming.UntilClose, 0, "" },
        { "GET", "200", "Content-Length: 5\r\n", BodyFraming.Length, 5, "Content-Length: 5\r\n" },
        { "GET", "200", "Content-Length: 0\r\n", BodyFraming.Length, 0, "Content-Length: 0\r\n" },
        { "GET", "200", "Content-Length: 05, 5\r\nContent-Length: 5\r\n", BodyFraming.Length, 5, "Content-Length: 5\r\n" },
        { "GET", "200", "Transfer-Encoding: chunked\r\n", BodyFraming.Chunked, 0, "Transfer-Encoding: chunked\r\n" },
        {
            "GET", "200", "Content-Length: 5\r\nTransfer-Encoding: Chunked\r\n", BodyFraming.Chunked, 0, "Transfer-Encoding: chunked\r\n"
        },
        { "POST", "404", "Content-Length: 5\r\n", BodyFraming.Length, 5, "Content-Length: 5\r\n" },
        { "HEAD", "200", "Content-Length: 5\r\n", BodyFraming.None, 0, "Content-Length: 5\r\n" },
        { "HEAD", "200", "Transfer-Encoding: chunked\r\n", BodyFraming.None, 0, "Transfer-Encoding: chunked\r\n" },
        { "HEAD", "200", "", BodyFraming.None, 0, "" },
        {
            "HEAD", "200", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", BodyFraming.None, 0, "Transfer-Encoding: chunked\r\n"
        },
        { "GET", "304", "Content-Length: 5\r\n", BodyFraming.None, 0, "Content-Length: 5\r\n" },
        { "GET", "304", "Transfer-Encoding: chunked\r\n", BodyFraming.None, 0, "Transfer-Encoding: chunked\r\n" },
        { "GET", "304", "", BodyFraming.None, 0, "" },
        { "GET", "204", "Content-Length: 5\r\n", BodyFraming.None, 0, "" },
        { "GET", "204", "Transfer-Encoding: chunked\r\n", BodyFraming.None, 0, "" },
        { "HEAD", "204", "Content-Length: 5\r\n", BodyFraming.None, 0, "" },
        { "GET", "205", "Content-Length: 0\r\n", BodyFraming.Length, 0, "Content-Length: 0\r\n" },
        { "GET", "100", "Content-Length: 5\r\n", BodyFraming.None, 0, "" },
        { "GET", "103", "Transfer-Encoding: chunked\r\n", BodyFraming.None, 0, "" },
        { "GET", "101", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", BodyFraming.None, 0, "" },
        { "CONNECT", "200", "Content-Length: 5\r\n", BodyFraming.None, 0, "" },
        { "CONNECT", "299", "Transfer-Encoding: chunked\r\n", BodyFraming.None, 0, "" },
        { "CONNECT", "200", "", BodyFraming.None, 0, "" },
        { "CONNECT", "403", "Content-Length: 5\r\n", BodyFraming.Length, 5, "Content-Length: 5\r\n" },
        { "CONNECT", "502", "", BodyFraming.UntilClose, 0, "" },
        { "GET", "600", "Content-Length: 5\r\n", BodyFraming.Length, 5, "Content-Length: 5\r\n" },
    };

    [Theory]
    [MemberData(nameof(Framings))]
    public void A_body_is_framed_by_method_status_and_fields(
        string method, string status, string lines, object framing, ulong length, string forwarded)
    {
        var reading = ResponseReading.Accepted(
            $"HTTP/1.1 {status} x\r\n{lines}X: y\r\n\r\n", Enum.Parse<RequestMethod>(method, ignoreCase: true));

        Assert.Equal((framing, length), (reading.Head.Framing, reading.Head.ContentLength));
        Assert.Equal($"HTTP/1.1 {status} x\r\n{forwarded}X: y\r\n\r\n", reading.Forwarded);
    }

    [Fact]
    public void Both_lengths_are_noted() =>
        Assert.True(ResponseReading.Accepted(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n").Head.HadBothLengths);

    [Fact]
    public void Chunks_in_http_1_0_are_read_and_noted_as_doubtful()
    {
        var head = ResponseReading.Accepted("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n").Head;

        Assert.Equal((BodyFraming.Chunked, true), (head.Framing, head.HadBothLengths));
    }

    [Fact]
    public void Connection_fields_are_merged() =>
        Assert.Equal(
            ConnectionOptions.Close | ConnectionOptions.Others,
            ResponseReading.Accepted("HTTP/1.1 200 OK\r\nConnection: x\r\nConnection: close\r\n\r\n").Head.Connection);

    [Fact]
    public void A_parser_and_a_head_serve_one_response_after_the_other()
    {
        var parser = new ResponseHeadParser();
        var head = new ResponseHead();
        var first = "HTTP/1.0 404 No\r\nConnection: close\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray();
        var last = "HTTP/1.1 200 OK\r\n\r\n"u8.ToArray();
        parser.Start(head, first, 0, RequestMethod.Get);
        Assert.Equal(ParseStatus.Complete, parser.Parse(first.Length).Status);
        parser.Start(head, last, 0, RequestMethod.Get);
        var result = parser.Parse(last.Length);

        Assert.Equal(
            ResponseReading.Accepted("HTTP/1.1 200 OK\r\n\r\n").Facts(),
            new ResponseReading(result, head, "HTTP/1.1 200 OK\r\n\r\n").Facts());
    }
}
