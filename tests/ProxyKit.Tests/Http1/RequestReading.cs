using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>What the parser makes of a request, the same however it is cut into pieces, and what a server would be sent.</summary>
internal sealed record RequestReading(ParseResult Result, RequestHead Head, string Forwarded)
{
    /// <summary>Reads a request in all the ways it may be cut, and checks that they end alike and leave one reading.</summary>
    public static RequestReading Of(string wire) => Of(wire, Splits.Of(Math.Max(wire.Length, 1)));

    public static RequestReading Of(string wire, IEnumerable<int[]> splits)
    {
        RequestReading? first = null;
        var parser = new RequestHeadParser();
        foreach (var ends in splits)
        {
            var reading = Read(parser, wire, [.. ends.Where(end => end <= wire.Length)]);
            if (first is null)
            {
                first = reading;
                continue;
            }

            Assert.Equal((first.Result, first.Facts()), (reading.Result, reading.Facts()));
        }

        return first!; // Splits are never none
    }

    /// <summary>Reads a request that has to be accepted.</summary>
    public static RequestReading Accepted(string wire)
    {
        var reading = Of(wire);
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
        facts.AppendJoin('|', Head.MethodName, Head.Target, Head.Path, Head.Query, Head.Host, Head.Form, Head.Protocol, Head.Length,
            Head.StartLineLength, Head.IsStartLineClean, Head.Framing, Head.ContentLength, Head.Connection, Head.HadBothLengths,
            Head.ExpectsContinue, Head.Headers.IsUntouched, Head.Headers.Count, Encoding.Latin1.GetString(Head.AuthorityBytes));
        for (var i = 0; i < Head.Headers.TableLength; i++)
        {
            facts.Append('\n').AppendJoin('|', Head.Headers.KnownAt(i), Head.Headers.IsRemovedAt(i),
                Encoding.Latin1.GetString(Head.Headers.NameAt(i)), Encoding.Latin1.GetString(Head.Headers.ValueAt(i)));
        }

        return facts.Append('\n').Append(Forwarded).ToString();
    }

    private static RequestReading Read(RequestHeadParser parser, string wire, int[] ends)
    {
        var head = new RequestHead();
        var result = Feeding.Feed(wire, ends, (buffer, origin) => parser.Start(head, buffer, origin), parser.Parse);
        if (result.Status != ParseStatus.Complete)
        {
            return new(result, head, "");
        }

        var destination = new byte[2 * RequestHeadParser.DefaultMaxHeadBytes];
        var forwarded = Encoding.Latin1.GetString(destination, 0, Http1Writer.WriteHead(head, destination));
        AssertOneReading(head, forwarded);
        return new(result, head, forwarded);
    }

    /// <summary>What a server is sent is strictly correct, and says the same as we have read.</summary>
    private static void AssertOneReading(RequestHead head, string forwarded)
    {
        var sent = StrictMessage.Read(forwarded, isRequest: true);
        Assert.Equal($"{head.MethodName} {head.Target} HTTP/1.{(head.Protocol == HttpProtocol.Http10 ? 0 : 1)}", sent.StartLine);
        Assert.Equal(head.Framing switch
        {
            BodyFraming.Chunked => "chunked",
            BodyFraming.Length => $"{head.ContentLength}",
            _ => null,
        }, sent.Framing);
        Assert.Equal(head.Headers.Count, sent.Fields.Count);
        Assert.False(head.Method == RequestMethod.Connect && sent.Framing is not null, "a CONNECT with a body");
    }
}
