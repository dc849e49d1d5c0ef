using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>Every response that is refused, with 502, however it is cut into pieces.</summary>
public sealed class RefusedResponseTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    public static TheoryData<string, string> StatusLines => new()
    {
        { "an empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n" },
        { "a space first", " HTTP/1.1 200 OK\r\n\r\n" },
        { "no status line", "<html>" },
        { "HTTP/0.9", "Hello" },
        { "an SSH banner", "SSH-2.0-OpenSSH_9.2\r\n" },
        { "a TLS alert", "\x15\x03\x01\x00\x02\x02\x28" },
        { "another protocol", "ICY 200 OK\r\n\r\n" },
        { "HTTP in lower case", "http/1.1 200 OK\r\n\r\n" },
        { "HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n" },
        { "HTTP/2", "HTTP/2 200\r\n\r\n" },
        { "HTTP/0.9 by its version", "HTTP/0.9 200 OK\r\n\r\n" },
        { "a version of two digits", "HTTP/1.10 200 OK\r\n\r\n" },
        { "a version without minor", "HTTP/1. 200 OK\r\n\r\n" },
        { "a version that is no number", "HTTP/1.x 200 OK\r\n\r\n" },
        { "nothing but a version", "HTTP/1.1\r\n\r\n" },
        { "a version and a space", "HTTP/1.1 \r\n\r\n" },
        { "no space behind the version", "HTTP/1.1200 OK\r\n\r\n" },
        { "a status of two digits", "HTTP/1.1 20 OK\r\n\r\n" },
        { "a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n" },
        { "a status below 100", "HTTP/1.1 099 OK\r\n\r\n" },
        { "status 000", "HTTP/1.1 000 OK\r\n\r\n" },
        { "a status with a sign", "HTTP/1.1 -20 OK\r\n\r\n" },
        { "a status with letters", "HTTP/1.1 2xx OK\r\n\r\n" },
        { "a status with a letter behind", "HTTP/1.1 200OK\r\n\r\n" },
        { "no status", "HTTP/1.1 OK\r\n\r\n" },
        { "a bare CR in the reason", "HTTP/1.1 200 O\rK\r\n\r\n" },
        { "CR CR LF behind the reason", "HTTP/1.1 200 OK\r\r\n\r\n" },
        { "NUL in the reason", "HTTP/1.1 200 O\0K\r\n\r\n" },
        { "escape in the reason", "HTTP/1.1 200 O\x1bK\r\n\r\n" },
        { "a bare CR behind the version", "HTTP/1.1\r200 OK\r\n\r\n" },
    };

    public static TheoryData<string, string> Fields => new()
    {
        { "a line without colon", Ok + "Server\r\n\r\n" },
        { "an empty name", Ok + ": a\r\n\r\n" },
        { "a space before the colon", Ok + "Content-Length : 3\r\n\r\nabc" },
        { "a high byte in the name", Ok + "Serv\xe9r: a\r\n\r\n" },
        { "NUL in a value", Ok + "Server: a\0\r\n\r\n" },
        { "a bare CR in a value", Ok + "Server: a\rb\r\n\r\n" },
        { "a bare CR that hides a field", Ok + "Server: a\rSet-Cookie: b\r\n\r\n" },
        { "DEL in a value", Ok + "Server: a\x7f\r\n\r\n" },
        { "a fold on the first line", Ok + " Server: a\r\n\r\n" },
        { "a bare CR for the empty line", Ok + "\rX" },
        { "101 headers", Ok + string.Concat(Enumerable.Range(0, 101).Select(i => $"X{i}: a\r\n")) + "\r\n" },
        { "a status line longer than the limit", "HTTP/1.1 200 " + new string('a', 20_000) },
        { "a value longer than the limit", Ok + "X: " + new string('a', 20_000) + "\r\n\r\n" },
        { "an empty line one byte behind the limit", Ok + $"X: {new string('a', 15360 - Ok.Length - 6)}\r\n\r\n" },
    };

    public static TheoryData<string, string> Framing => new()
    {
        { "an empty length", Ok + "Content-Length:\r\n\r\n" },
        { "a length with a plus", Ok + "Content-Length: +5\r\n\r\n" },
        { "a length with a comma behind", Ok + "Content-Length: 0,\r\n\r\n" },
        { "a length in hex", Ok + "Content-Length: 0x5\r\n\r\n" },
        { "two lengths that differ", Ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc" },
        { "a length list that differs", Ok + "Content-Length: 3, 4\r\n\r\nabc" },
        { "a length of 2^64", Ok + "Content-Length: 18446744073709551616\r\n\r\n" },
        { "a bad length of a 304", "HTTP/1.1 304 Not Modified\r\nContent-Length: x\r\n\r\n" },
        { "a bad length of a 204", "HTTP/1.1 204 No Content\r\nContent-Length: 1, 2\r\n\r\n" },
        { "an empty coding", Ok + "Transfer-Encoding:\r\n\r\n" },
        { "gzip alone", Ok + "Transfer-Encoding: gzip\r\n\r\n" },
        { "identity", Ok + "Transfer-Encoding: identity\r\n\r\n" },
        { "gzip, then chunked", Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n" },
        { "chunked, then gzip", Ok + Chunked + "Transfer-Encoding: gzip\r\n\r\n" },
        { "chunked twice", Ok + Chunked + Chunked + "\r\n" },
        { "an unknown coding", Ok + "Transfer-Encoding: x\r\n\r\n" },
        { "chunked behind a vertical tab", Ok + "Transfer-Encoding: \x0b" + "chunked\r\n\r\n" },
        { "an unknown coding of a 100", "HTTP/1.1 100 Continue\r\nTransfer-Encoding: x\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(StatusLines))]
    [MemberData(nameof(Fields))]
    [MemberData(nameof(Framing))]
    public void A_response_is_refused_for(string what, string wire)
    {
        foreach (var method in (RequestMethod[])[RequestMethod.Get, RequestMethod.Head, RequestMethod.Connect])
        {
            var result = ResponseReading.Of(wire, method).Result;

            Assert.Equal((what, ParseStatus.Refused, 502), (what, result.Status, result.Refusal));
            Assert.NotNull(result.Reason);
        }
    }

    [Theory]
    [InlineData("h")]
    [InlineData("HTTQ")]
    [InlineData("HTTP/2")]
    [InlineData("HTTP/1.1 \0")]
    public void What_cannot_become_a_response_is_refused_before_its_line_ends(string wire) =>
        Assert.Equal(ParseStatus.Refused, ResponseReading.Of(wire).Result.Status);
}
