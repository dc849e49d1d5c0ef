using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>Compares the parsers with slow and simple ones on many spoilt messages, cut at random.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 15_000;

    private static readonly string[] Requests =
    [
        "GET / HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
        "POST /a?b=c HTTP/1.1\r\nHost: a:80\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.0\r\nContent-Length: 10, 10\r\nConnection: keep-alive\r\n\r\n0123456789",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET http://u@h:80/p?q HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET https://[::1]:443?q HTTP/1.1\r\nHost: [::1]\r\n\r\n",
        "OPTIONS http://h HTTP/1.1\r\nHost: h:80\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
        "CONNECT h:443 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n",
        "DELETE / HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
        "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        "\r\nPATCH / HTTP/1.1\nX:\r\n folded\r\n\tvalue\r\nhost: a\nHOST: A\r\n\n",
    ];

    private static readonly string[] Responses =
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nServer: x\r\n\r\nabc",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n b\r\n\r\n",
        "HTTP/1.1 200 \nX: y\nContent-Length: 05,5\n\n",
    ];

    private static readonly string[] Lines =
    [
        "Content-Length: 3\r\n", "content-length: 03,3\r\n", "Content-Length:\r\n", "Transfer-Encoding: chunked\r\n",
        "transfer-encoding: gzip\r\n", "Transfer-Encoding: , chunked\r\n", "Host: a\r\n", "host: h:80\r\n", "Host: [::1]:443\r\n",
        "Connection: upgrade, x\r\n",
        "Upgrade: websocket\r\n", "Sec-WebSocket-Key: x\r\n", "X: y\r\n", " folded\r\n", "\r\n", "GET / HTTP/2.0\r\n", "HTTP/1.1 20 OK\r\n",
    ];

    private static readonly string[] Bodies =
    [
        "3\r\nabc\r\n0\r\n\r\n",
        "a;b=\"c\\\"d\"\r\n0123456789\r\n0\r\nX: y\r\nZ:\r\n z\r\n\r\nnext",
        "0000000000001 \t\r\na\r\n1;b\r\nc\r\n00\r\n\r\n",
        "fffffffffffff\r\nabc",
    ];

    private static readonly string[] BodyLines =
    [
        "3\r\nabc\r\n", "0\r\n", "1 ;a=b\r\nc\r\n", "1;a=\"b\"\r\nc\r\n", "X: y\r\n", " z\r\n", "2\r\n\r\n\r\n", "\r\n",
        "7fffffffffffffff\r\n",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Requests_are_read_as_the_reference_reads_them(int seed)
    {
        var mutations = new Mutations(seed, Requests, Lines);
        for (var i = 0; i < Rounds; i++)
        {
            var wire = mutations.Next();
            var expected = ReferenceRequest.Read(wire);
            var reading = RequestReading.Of(wire, [[wire.Length], Splits.Random(mutations.Random, wire.Length)]);

            Assert.Equal((wire, expected), (wire, new(Status(reading.Result), Consumed(reading.Result), Plain(reading.Forwarded))));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Responses_are_read_as_the_reference_reads_them(int seed)
    {
        var mutations = new Mutations(seed, Responses, Lines);
        for (var i = 0; i < Rounds; i++)
        {
            var wire = mutations.Next();
            var expected = ReferenceResponse.Read(wire);
            var reading = ResponseReading.Of(wire, RequestMethod.Get, [[wire.Length], Splits.Random(mutations.Random, wire.Length)]);

            Assert.Equal((wire, expected), (wire, new(Status(reading.Result), Consumed(reading.Result), Plain(reading.Forwarded))));
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Chunks_are_read_as_the_reference_reads_them(int seed)
    {
        var mutations = new Mutations(seed, Bodies, BodyLines);
        for (var i = 0; i < Rounds; i++)
        {
            var wire = mutations.Next();

            Assert.Equal(
                (wire, ReferenceChunks.Read(wire)),
                (wire, ChunkReading.Of(wire, [[wire.Length], Splits.Random(mutations.Random, wire.Length)])));
        }
    }

    private static int Status(ParseResult result) => result.Status switch
    {
        ParseStatus.Complete => 200,
        ParseStatus.Refused => result.Refusal,
        _ => 0,
    };

    private static int Consumed(ParseResult result) => result.Status == ParseStatus.Complete ? result.Consumed : 0;

    /// <summary>A head as the references write it: with the values trimmed, and without the empty line.</summary>
    private static string Plain(string head) => head.Length == 0 ? "" : string.Concat(head[..^4].Split("\r\n").Select((line, index) =>
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return index == 0 ? line + "\n" : $"{line[..colon]}: {ReferenceCursor.Trim(line[(colon + 1)..])}\n";
    }));
}
