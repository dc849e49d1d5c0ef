using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>What is let pass where violations are, the same however a message is cut into pieces; and what never is.</summary>
public sealed class LenientMessageTests
{
    private const string Line = "GET / HTTP/1.1\r\n";

    [Theory]
    [InlineData("GET /a#b?c=\u00e9 HTTP/1.1\r\n\r\n", "GET /a#b?c=\u00e9 HTTP/1.1\r\n\r\n")]
    [InlineData($"{Line}A: 1\r\nB C: 2\r\nD: 3\r\n\r\n", $"{Line}A: 1\r\nD: 3\r\n\r\n")]
    [InlineData($"{Line}B\u00e9: 2\r\nD: 3\r\n\r\n", $"{Line}D: 3\r\n\r\n")]
    [InlineData($"{Line}nothing\r\n\r\n", $"{Line}\r\n")]
    [InlineData($"{Line}: 2\r\nD: 3\r\n\r\n", $"{Line}D: 3\r\n\r\n")]
    [InlineData($"{Line}(x): 2\r\n folded\r\n\tmore\r\nD: 3\r\n\r\n", $"{Line}D: 3\r\n\r\n")]
    [InlineData($"{Line}D: 3\r\nx y: 2\r\n folded\r\n\r\n", $"{Line}D: 3\r\n\r\n")]
    [InlineData($"{Line}D: a\0b\r\n\r\n", $"{Line}D: a\0b\r\n\r\n")]
    public void Request_passes(string wire, string forwarded) => Assert.Equal(forwarded, Request(wire, isLenient: true));

    [Theory]
    [InlineData($"{Line}Content-Length : 5\r\n\r\n")]
    [InlineData($"{Line}\u00e9Transfer-Encoding: chunked\r\n\r\n")]
    [InlineData($"{Line}x y: 1, CONTENT-LENGTH: 5\r\n\r\n")]
    [InlineData($"{Line}Content-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData($"{Line}Content-Length: 5\0\r\n\r\n")]
    [InlineData($"{Line}Transfer-Encoding: chun\0ked\r\n\r\n")]
    [InlineData($"{Line}A: 1\rB: 2\r\n\r\n")]
    [InlineData($"{Line}A: \u0001\r\n\r\n")]
    [InlineData($"{Line}\0A: 1\r\nB: \u0001\r\n\r\n")]
    [InlineData($"{Line} A: 1\r\n\r\n")]
    [InlineData($"{Line}Host: a\r\nHost: b\r\n\r\n")]
    [InlineData($"{Line}Host: a\0\r\n\r\n")]
    [InlineData("GET http://a#b/ HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.x\r\n\r\n")]
    [InlineData("GET /\u0001 HTTP/1.1\r\n\r\n")]
    [InlineData("GET /\r\n\r\n")]
    public void Request_is_refused_all_the_same(string wire) => Assert.StartsWith("4", Request(wire, isLenient: true), StringComparison.Ordinal);

    [Fact]
    public void Lines_that_are_left_out_count()
    {
        var wire = Line + string.Concat(Enumerable.Repeat("x y: 1\r\n", RequestHeadParser.DefaultMaxFields + 1)) + "\r\n";

        Assert.Equal("400", Request(wire, isLenient: true, [wire.Length]));
    }

    [Fact]
    public void Parser_is_as_strict_again_as_it_is_told()
    {
        var parser = new RequestHeadParser { IsLenient = true };
        parser.IsLenient = false;
        var bytes = Encoding.Latin1.GetBytes($"{Line}x y: 1\r\n\r\n");
        parser.Start(new RequestHead(), bytes, 0);

        Assert.Equal(ParseStatus.Refused, parser.Parse(bytes.Length).Status);
    }

    [Fact]
    public void Response_passes_without_what_is_no_field()
    {
        const string Wire = "HTTP/1.1 200 OK\r\nA: 1\r\nB C: 2\r\nContent-Length: 0\r\n\r\n";
        foreach (var ends in Splits.Of(Wire.Length))
        {
            var head = new ResponseHead();
            var parser = new ResponseHeadParser { IsLenient = true };
            var result = Feeding.Feed(Wire, ends, (buffer, origin) => parser.Start(head, buffer, origin, RequestMethod.Get), parser.Parse);

            Assert.Equal(ParseStatus.Complete, result.Status);
            var sent = new byte[1024];
            Assert.Equal(
                "HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 0\r\n\r\n", Encoding.Latin1.GetString(sent, 0, Http1Writer.WriteHead(head, sent)));
        }
    }

    /// <summary>What is sent on, or the status of the refusal.</summary>
    private static string Request(string wire, bool isLenient, params int[][] splits)
    {
        string? first = null;
        foreach (var ends in splits.Length > 0 ? splits : Splits.Of(wire.Length))
        {
            var head = new RequestHead();
            var parser = new RequestHeadParser { IsLenient = isLenient };
            var result = Feeding.Feed(wire, ends, (buffer, origin) => parser.Start(head, buffer, origin), parser.Parse);
            var sent = new byte[4096];
            var outcome = result.Status == ParseStatus.Complete
                ? Encoding.Latin1.GetString(sent, 0, Http1Writer.WriteHead(head, sent))
                : $"{result.Refusal}";
            Assert.Equal(first ??= outcome, outcome);
            Assert.True(head.Unchanged.IsEmpty || result.Status != ParseStatus.Complete || Encoding.Latin1.GetString(head.Unchanged.Span) == outcome, "passed on as it came");
        }

        return first!; // Splits are never none
    }
}
