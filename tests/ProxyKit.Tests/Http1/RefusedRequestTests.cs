using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>Every request that is refused, with the status it is answered with, however it is cut into pieces.</summary>
public sealed class RefusedRequestTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    public static TheoryData<string, string, int> StartLines => new()
    {
        { "a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400 },
        { "an SSH banner", "SSH-2.0-OpenSSH_9.2\r\n", 400 },
        { "the PROXY v2 signature", "\r\n\r\n\0\r\nQUIT\n", 400 },
        { "a space first", " GET / HTTP/1.1\r\n\r\n", 400 },
        { "a tab first", "\tGET / HTTP/1.1\r\n\r\n", 400 },
        { "NUL first", "\0GET / HTTP/1.1\r\n\r\n", 400 },
        { "a byte order mark", "\xef\xbb\xbfGET / HTTP/1.1\r\n\r\n", 400 },
        { "a colon in the method", "GE:T / HTTP/1.1\r\n\r\n", 400 },
        { "a slash in the method", "GE/T / HTTP/1.1\r\n\r\n", 400 },
        { "NUL in the method", "GE\0T / HTTP/1.1\r\n\r\n", 400 },
        { "a high byte in the method", "G\xc9T / HTTP/1.1\r\n\r\n", 400 },
        { "a bracket in the method", "G[T / HTTP/1.1\r\n\r\n", 400 },
        { "a quote in the method", "\"GET\" / HTTP/1.1\r\n\r\n", 400 },
        { "a method alone", "GET\r\n\r\n", 400 },
        { "a method and a space", "GET \r\n\r\n", 400 },
        { "a method and a bare CR", "GET\r/ HTTP/1.1\r\n\r\n", 400 },
        { "HTTP/0.9 by its form", "GET /\r\n", 400 },
        { "HTTP/0.9 by its form, bare LF", "GET /\n", 400 },
        { "no version behind a space", "GET / \r\n\r\n", 400 },
        { "no target", "GET HTTP/1.1\r\n\r\n", 400 },
        { "an unfinished line of another protocol", "EHLO mail.example\r\n", 400 },
        { "17 empty lines first", string.Concat(Enumerable.Repeat("\r\n", 17)) + Get + "\r\n", 400 },
        { "a bare CR first", "\rGET / HTTP/1.1\r\n\r\n", 400 },
        { "CR CR LF first", "\r\r\nGET / HTTP/1.1\r\n\r\n", 400 },
        { "tab in the target", "GET /a\tb HTTP/1.1\r\n\r\n", 400 },
        { "space in the target", "GET /a b HTTP/1.1\r\n\r\n", 400 },
        { "NUL in the target", "GET /a\0b HTTP/1.1\r\n\r\n", 400 },
        { "DEL in the target", "GET /a\x7f" + "b HTTP/1.1\r\n\r\n", 400 },
        { "escape in the target", "GET /a\x1b" + "b HTTP/1.1\r\n\r\n", 400 },
        { "a bare CR in the target", "GET /a\rb HTTP/1.1\r\n\r\n", 400 },
        { "a fragment in the target", "GET /a#b HTTP/1.1\r\n\r\n", 400 },
        { "a high byte in the target", "GET /\xe4 HTTP/1.1\r\n\r\n", 400 },
        { "a version in lower case", "GET / http/1.1\r\n\r\n", 400 },
        { "a version of two digits", "GET / HTTP/1.10\r\n\r\n", 400 },
        { "a version with a leading zero", "GET / HTTP/01.1\r\n\r\n", 400 },
        { "a version without minor", "GET / HTTP/1\r\n\r\n", 400 },
        { "a version without dot", "GET / HTTP/11\r\n\r\n", 400 },
        { "a version with a comma", "GET / HTTP/1,1\r\n\r\n", 400 },
        { "a version that is no number", "GET / HTTP/x.1\r\n\r\n", 400 },
        { "another protocol", "GET / ICY/1.1\r\n\r\n", 400 },
        { "a space behind the version", "GET / HTTP/1.1 \r\n\r\n", 400 },
        { "a tab behind the version", "GET / HTTP/1.1\t\r\n\r\n", 400 },
        { "a bare CR behind the version", "GET / HTTP/1.1\rHost: a\r\n\r\n", 400 },
        { "CR CR LF behind the version", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400 },
        { "HTTP/0.9 by its version", "GET / HTTP/0.9\r\n\r\n", 505 },
        { "HTTP/2.0", "GET / HTTP/2.0\r\n\r\n", 505 },
        { "HTTP/3.1", "GET / HTTP/3.1\r\n\r\n", 505 },
        { "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400 },
        { "PRI as a method", "PRI / HTTP/1.1\r\n\r\n", 400 },
    };

    public static TheoryData<string, string, int> Targets => new()
    {
        { "a relative target", "GET admin HTTP/1.1\r\n\r\n", 400 },
        { "a relative target with a path", "GET a/b HTTP/1.1\r\n\r\n", 400 },
        { "only a query", "GET ?a HTTP/1.1\r\n\r\n", 400 },
        { "an authority without CONNECT", "GET a:80 HTTP/1.1\r\n\r\n", 400 },
        { "a star with GET", "GET * HTTP/1.1\r\n\r\n", 400 },
        { "a star with more", "OPTIONS *x HTTP/1.1\r\n\r\n", 400 },
        { "a star with a query", "OPTIONS *?x HTTP/1.1\r\n\r\n", 400 },
        { "a scheme without authority", "GET mailto:a HTTP/1.1\r\n\r\n", 400 },
        { "a scheme with one slash", "GET http:/a HTTP/1.1\r\n\r\n", 400 },
        { "a scheme that begins with a digit", "GET 1http://a/ HTTP/1.1\r\n\r\n", 400 },
        { "a scheme with a bad byte", "GET ht_tp://a/ HTTP/1.1\r\n\r\n", 400 },
        { "no scheme before ://", "GET ://a/ HTTP/1.1\r\n\r\n", 400 },
        { "an absolute target without host", "GET http:///a HTTP/1.1\r\n\r\n", 400 },
        { "an absolute target with only a port", "GET http://:80/a HTTP/1.1\r\n\r\n", 400 },
        { "an absolute target with user and no host", "GET http://u@/a HTTP/1.1\r\n\r\n", 400 },
        { "an authority with two at signs", "GET http://a@b@c/ HTTP/1.1\r\nHost: c\r\n\r\n", 400 },
        { "an authority with a backslash", "GET http://a\\b/ HTTP/1.1\r\n\r\n", 400 },
        { "an authority with a comma", "GET http://a,b/ HTTP/1.1\r\n\r\n", 400 },
        { "an authority with an open bracket", "GET http://[::1/ HTTP/1.1\r\n\r\n", 400 },
        { "an authority with a port that is none", "GET http://a:x/ HTTP/1.1\r\n\r\n", 400 },
        { "an authority with two ports", "GET http://a:1:2/ HTTP/1.1\r\n\r\n", 400 },
        { "another host in the target", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "another port in the target", "GET http://h:8080/ HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
        { "another port in Host", "GET http://h/ HTTP/1.1\r\nHost: h:8080\r\n\r\n", 400 },
        { "the default port of the other scheme", "GET https://h/ HTTP/1.1\r\nHost: h:80\r\n\r\n", 400 },
        { "a scheme without default port", "GET ws://h/ HTTP/1.1\r\nHost: h:80\r\n\r\n", 400 },
        { "an empty Host to a target with one", "GET http://h/ HTTP/1.1\r\nHost:\r\n\r\n", 400 },
        { "the user as host", "GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "CONNECT with a path", "CONNECT /a HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT with a path behind", "CONNECT a:443/ HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT with a scheme", "CONNECT http://a:443 HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT with a query", "CONNECT a:443?b HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT with a user", "CONNECT u@a:443 HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT without port", "CONNECT a HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT with an empty port", "CONNECT a: HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT with a port that is none", "CONNECT a:https HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT without host", "CONNECT :443 HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT to a star", "CONNECT * HTTP/1.1\r\n\r\n", 400 },
        { "CONNECT with another host", "CONNECT a:443 HTTP/1.1\r\nHost: b:443\r\n\r\n", 400 },
        { "CONNECT with another port", "CONNECT a:443 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400 },
        { "CONNECT whose Host leaves a port out", "CONNECT a:8443 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
    };

    public static TheoryData<string, string, int> Fields => new()
    {
        { "a line without colon", Get + "Accept\r\n\r\n", 400 },
        { "an empty name", Get + ": a\r\n\r\n", 400 },
        { "a space before the colon", Get + "Accept : a\r\n\r\n", 400 },
        { "a tab before the colon", Get + "Accept\t: a\r\n\r\n", 400 },
        { "a space in the name", Get + "Acc ept: a\r\n\r\n", 400 },
        { "NUL in the name", Get + "Acc\0ept: a\r\n\r\n", 400 },
        { "a high byte in the name", Get + "Acc\xe9pt: a\r\n\r\n", 400 },
        { "a bracket in the name", Get + "Acc(ept): a\r\n\r\n", 400 },
        { "a bare CR in the name", Get + "Acc\rept: a\r\n\r\n", 400 },
        { "a space before the colon of a length", Post + "Content-Length : 3\r\n\r\nabc", 400 },
        { "a space before the colon of a coding", Post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400 },
        { "a vertical tab before the colon", Post + "Transfer-Encoding\x0b: chunked\r\n\r\n", 400 },
        { "NUL in a value", Get + "Accept: a\0b\r\n\r\n", 400 },
        { "escape in a value", Get + "Accept: a\x1b[0m\r\n\r\n", 400 },
        { "a form feed in a value", Get + "Accept: a\fb\r\n\r\n", 400 },
        { "DEL in a value", Get + "Accept: a\x7f\r\n\r\n", 400 },
        { "a bare CR in a value", Get + "Accept: a\rb\r\n\r\n", 400 },
        { "a bare CR that hides a field", Get + "Accept: a\rTransfer-Encoding: chunked\r\n\r\n", 400 },
        { "CR CR LF at a line's end", Get + "Accept: a\r\r\n\r\n", 400 },
        { "a bare CR for the empty line", Get + "\rX", 400 },
        { "a fold on the first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400 },
        { "white space before the empty line", "GET / HTTP/1.1\r\n \r\n\r\n", 400 },
        { "a control character in a fold", Get + "X: a\r\n b\x01\r\n\r\n", 400 },
        { "101 headers", "GET / HTTP/1.1\r\n" + string.Concat(Enumerable.Range(0, 101).Select(i => $"X{i}: a\r\n")) + "\r\n", 400 },
        { "two hosts", Get + "Host: b\r\n\r\n", 400 },
        { "two hosts that differ in the port", Get + "Host: a:80\r\n\r\n", 400 },
        { "a list of hosts", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400 },
        { "a space in the host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "a tab in the host", "GET / HTTP/1.1\r\nHost: a\tb\r\n\r\n", 400 },
        { "a number sign in the host", "GET / HTTP/1.1\r\nHost: a#b\r\n\r\n", 400 },
        { "a slash in the host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
        { "a question mark in the host", "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n", 400 },
        { "a user in the host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400 },
        { "a backslash in the host", "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n", 400 },
        { "an open bracket in the host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400 },
        { "a closing bracket in the host", "GET / HTTP/1.1\r\nHost: ::1]\r\n\r\n", 400 },
        { "empty brackets in the host", "GET / HTTP/1.1\r\nHost: []\r\n\r\n", 400 },
        { "brackets within the host", "GET / HTTP/1.1\r\nHost: a[::1]\r\n\r\n", 400 },
        { "a name behind the brackets", "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n", 400 },
        { "brackets within brackets", "GET / HTTP/1.1\r\nHost: [[::1]]\r\n\r\n", 400 },
        { "an address without brackets", "GET / HTTP/1.1\r\nHost: ::1\r\n\r\n", 400 },
        { "a port that is no number", "GET / HTTP/1.1\r\nHost: a:http\r\n\r\n", 400 },
        { "a port with a sign", "GET / HTTP/1.1\r\nHost: a:+80\r\n\r\n", 400 },
        { "two ports", "GET / HTTP/1.1\r\nHost: a:80:81\r\n\r\n", 400 },
        { "a port without host", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n", 400 },
        { "a host that is folded", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400 },
        { "a websocket without key", Get + "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n", 400 },
        { "a websocket with a short key", Get + "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhl\r\n\r\n", 400 },
        {
            "a websocket with a key that is not base64",
            Get + "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: dGhlIHNhb-BsZSBub25jZQ==\r\n\r\n", 400
        },
        {
            "a websocket with a key without padding",
            Get + "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQAA\r\n\r\n", 400
        },
        {
            "a websocket with two keys",
            Get + "Connection: upgrade\r\nUpgrade: a, websocket\r\n"
                + string.Concat(Enumerable.Repeat("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 2)) + "\r\n", 400
        },
    };

    public static TheoryData<string, string, int> Framing => new()
    {
        { "an empty length", Post + "Content-Length:\r\n\r\n", 400 },
        { "a blank length", Post + "Content-Length: \t \r\n\r\n", 400 },
        { "a length with a plus", Post + "Content-Length: +5\r\n\r\n", 400 },
        { "a length with a minus", Post + "Content-Length: -5\r\n\r\n", 400 },
        { "a length in hex", Post + "Content-Length: 0x5\r\n\r\n", 400 },
        { "a length with a fraction", Post + "Content-Length: 5.0\r\n\r\n", 400 },
        { "a length with an exponent", Post + "Content-Length: 1e3\r\n\r\n", 400 },
        { "a length with letters behind", Post + "Content-Length: 5a\r\n\r\n", 400 },
        { "a length with a space within", Post + "Content-Length: 1 0\r\n\r\n", 400 },
        { "a length with a high byte", Post + "Content-Length: 5\xa0\r\n\r\n", 400 },
        { "a quoted length", Post + "Content-Length: \"5\"\r\n\r\n", 400 },
        { "a length with a comma behind", Post + "Content-Length: 0,\r\n\r\n", 400 },
        { "a length with a comma before", Post + "Content-Length: ,5\r\n\r\n", 400 },
        { "an empty element between lengths", Post + "Content-Length: 5,,5\r\n\r\n", 400 },
        { "a length list that differs", Post + "Content-Length: 5, 6\r\n\r\n", 400 },
        { "a length list with a semicolon", Post + "Content-Length: 5; 5\r\n\r\n", 400 },
        { "two lengths that differ", Post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400 },
        { "two lengths, the second empty", Post + "Content-Length: 3\r\nContent-Length:\r\n\r\nabc", 400 },
        { "three lengths, the last differs", Post + "Content-Length: 3\r\ncontent-length: 3\r\nCONTENT-LENGTH: 30\r\n\r\nabc", 400 },
        { "a length of 2^64", Post + "Content-Length: 18446744073709551616\r\n\r\n", 400 },
        { "a length of 2^64 + 5", Post + "Content-Length: 18446744073709551621\r\n\r\n", 400 },
        { "a length of 40 digits", Post + "Content-Length: 1000000000000000000000000000000000000005\r\n\r\n", 400 },
        { "a length folded in two", Post + "Content-Length: 1\r\n 0\r\n\r\n", 400 },
        { "a bad length beside chunked", Post + "Content-Length: x\r\n" + Chunked + "\r\n0\r\n\r\n", 400 },
        { "a bad length of a CONNECT", "CONNECT a:1 HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400 },
        { "an empty coding", Post + "Transfer-Encoding:\r\n\r\n", 400 },
        { "an empty element before chunked", Post + "Transfer-Encoding: ,chunked\r\n\r\n", 400 },
        { "an empty element behind chunked", Post + "Transfer-Encoding: chunked,\r\n\r\n", 400 },
        { "an empty coding behind chunked", Post + Chunked + "Transfer-Encoding:\r\n\r\n", 400 },
        { "chunked twice in a list", Post + "Transfer-Encoding: chunked, chunked\r\n\r\n", 400 },
        { "chunked twice in two fields", Post + Chunked + Chunked + "\r\n", 400 },
        { "gzip alone", Post + "Transfer-Encoding: gzip\r\n\r\n", 400 },
        { "identity", Post + "Transfer-Encoding: identity\r\n\r\n", 400 },
        { "chunked, then identity", Post + Chunked + "Transfer-Encoding: identity\r\n\r\n", 400 },
        { "chunked, then gzip", Post + "Transfer-Encoding: chunked, gzip\r\n\r\n", 400 },
        { "a coding that only ends in chunked", Post + "Transfer-Encoding: xchunked\r\n\r\n", 400 },
        { "a coding that only begins with chunked", Post + "Transfer-Encoding: chunkedx\r\n\r\n", 400 },
        { "chunked with a parameter", Post + "Transfer-Encoding: chunked;q=1\r\n\r\n", 400 },
        { "chunked in quotes", Post + "Transfer-Encoding: \"chunked\"\r\n\r\n", 400 },
        { "chunked behind a space that is none", Post + "Transfer-Encoding: \xa0" + "chunked\r\n\r\n", 400 },
        { "chunked behind a vertical tab", Post + "Transfer-Encoding: \x0b" + "chunked\r\n\r\n", 400 },
        { "chunked with a space within", Post + "Transfer-Encoding: chun ked\r\n\r\n", 400 },
        { "gzip, chunked and chunked", Post + "Transfer-Encoding: gzip, chunked, chunked\r\n\r\n", 400 },
        { "chunked, then a second value", Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n", 400 },
        { "gzip, then chunked", Post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 422 },
        { "gzip, then chunked in two fields", Post + "Transfer-Encoding: gzip\r\n" + Chunked + "\r\n", 422 },
        { "identity, then chunked", Post + "Transfer-Encoding: identity, chunked\r\n\r\n", 422 },
        { "gzip folded before chunked", Post + "Transfer-Encoding: gzip,\r\n chunked\r\n\r\n", 422 },
        { "GET of HTTP/1.0 with a length", "GET / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 413 },
        { "HEAD of HTTP/1.0 with a length", "HEAD / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 413 },
        { "DELETE of HTTP/1.0 with a length", "DELETE / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 413 },
        { "GET of HTTP/1.0 with chunks", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413 },
    };

    public static TheoryData<string, string, int> Limits => new()
    {
        { "a target longer than the limit", "GET /" + new string('a', 20_000) + " HTTP/1.1\r\n\r\n", 414 },
        { "a start line one byte too long", $"GET /{new string('a', 15360 - 15)} HTTP/1.1\r\n\r\n", 414 },
        { "a target that goes on", "GET /" + new string('a', 20_000), 414 },
        { "a method that goes on", new string('A', 20_000), 414 },
        { "blanks that go on", "GET" + new string(' ', 20_000), 414 },
        { "a version that goes on", "GET / " + new string('1', 20_000), 414 },
        { "a value longer than the limit", Get + "X: " + new string('a', 20_000) + "\r\n\r\n", 431 },
        { "a value that goes on", Get + "X: " + new string('a', 20_000), 431 },
        { "a name that goes on", Get + new string('a', 20_000), 431 },
        { "folds that go on", Get + "X: a\r\n" + string.Concat(Enumerable.Repeat(" \r\n", 6_000)), 431 },
        { "an empty line one byte behind the limit", Get + $"X: {new string('a', 15360 - Get.Length - 6)}\r\n\r\n", 431 },
        { "a bad byte just within the limit", Get + $"X: {new string('a', 15360 - Get.Length - 4)}\0", 400 },
        { "a bad byte just behind the limit", Get + $"X: {new string('a', 15360 - Get.Length - 3)}\0", 431 },
    };

    [Theory]
    [MemberData(nameof(StartLines))]
    [MemberData(nameof(Targets))]
    [MemberData(nameof(Fields))]
    [MemberData(nameof(Framing))]
    [MemberData(nameof(Limits))]
    public void A_request_is_refused_for(string what, string wire, int status)
    {
        var result = RequestReading.Of(wire).Result;

        Assert.Equal((what, ParseStatus.Refused, status), (what, result.Status, result.Refusal));
        Assert.NotNull(result.Reason);
    }

    [Theory]
    [InlineData("GE\0")]
    [InlineData("\x16")]
    [InlineData("GET\r")]
    [InlineData("GET /\x01")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX\0")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: \0")]
    public void What_cannot_become_a_request_is_refused_before_its_line_ends(string wire) =>
        Assert.Equal(ParseStatus.Refused, RequestReading.Of(wire).Result.Status);
}
