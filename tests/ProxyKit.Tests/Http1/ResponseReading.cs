using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>What the parser makes of a response, the same however it is cut into pieces, and what a client would be sent.</summary>
internal sealed record ResponseReading(ParseResult Result, ResponseHead Head, string Forwarded)
{
    /// <summary>Reads a response in all the ways it may be cut, and checks that they end alike and leave one reading.</summary>
    public static ResponseReading Of(string wire, RequestMethod method = RequestMethod.Get) =>
        Of(wire, method, Splits.Of(Math.Max(wire.Length, 1)));

    public static ResponseReading Of(string wire, RequestMethod method, IEnumerable<int[]> splits)
    {
        ResponseReading? first = null;
        var parser = new ResponseHeadParser();
        foreach (var ends in splits)
        {
            var reading = Read(parser, wire, method, [.. ends.Where(end => end <= wire.Length)]);
            if (first is null)
            {
                first = reading;
                continue;
            }

            Assert.Equal((first.Result, first.Facts()), (reading.Result, reading.Facts()));
        }

        return first!; // Splits are never none
    }

    /// <summary>Reads a response that has to be accepted.</summary>
    public static ResponseReading Accepted(string wire, RequestMethod method = RequestMethod.Get)
    {
        var reading = Of(wire, method);
        Assert.Equal((ParseStatus.Complete, (string?)null), (reading.Result.Status, reading.Result.Reason));
        return reading;
    }

    /// <summary>Everything that the parser found out, as text.</summary>
    public string Facts()
    {
        if (Result.Status != ParseStatus.Complete)
        {
            return "";
        }

        var facts = new StringBuilder();
        facts.AppendJoin('|', Head.Status, Head.Reason, Head.Protocol, Head.Length, Head.StartLineLength, Head.IsStartLineClean,
            Head.Framing, Head.ContentLength, Head.Connection, Head.HadBothLengths, Head.Headers.IsUntouched, Head.Headers.Count);
        for (var i = 0; i < Head.Headers.TableLength; i++)
        {
            facts.Append('\n').AppendJoin('|', Head.Headers.KnownAt(i), Head.Headers.IsRemovedAt(i),
                Encoding.Latin1.GetString(Head.Headers.NameAt(i)), Encoding.Latin1.GetString(Head.Headers.ValueAt(i)));
        }

        return facts.Append('\n').Append(Forwarded).ToString();
    }

    private static ResponseReading Read(ResponseHeadParser parser, string wire, RequestMethod method, int[] ends)
    {
        var head = new ResponseHead();
        var result = Feeding.Feed(wire, ends, (buffer, origin) => parser.Start(head, buffer, origin, method), parser.Parse);
        if (result.Status != ParseStatus.Complete)
        {
            return new(result, head, "");
        }

        var destination = new byte[2 * RequestHeadParser.DefaultMaxHeadBytes];
        var forwarded = Encoding.Latin1.GetString(destination, 0, Http1Writer.WriteHead(head, destination));
        AssertOneReading(head, method, forwarded);
        return new(result, head, forwarded);
    }

    /// <summary>What a client is sent is strictly correct, and says the same as we have read.</summary>
    private static void AssertOneReading(ResponseHead head, RequestMethod method, string forwarded)
    {
        var sent = StrictMessage.Read(forwarded, isRequest: false);
        Assert.Equal($"HTTP/1.{(head.Protocol == HttpProtocol.Http10 ? 0 : 1)} {head.Status} {head.Reason}", sent.StartLine);
        Assert.Equal(head.Headers.Count, sent.Fields.Count);
        if (!head.Unchanged.IsEmpty)
        {
            Assert.Equal(Encoding.Latin1.GetString(head.Unchanged.Span), forwarded);
        }

        if (method != RequestMethod.Head && head.Status != 304)
        {
            Assert.Equal(head.Framing switch
            {
                BodyFraming.Chunked => "chunked",
                BodyFraming.Length => $"{head.ContentLength}",
                _ => null,
            }, sent.Framing);
        }
    }
}
