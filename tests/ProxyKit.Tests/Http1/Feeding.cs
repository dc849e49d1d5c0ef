using System.Text;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>Hands a head to a parser in pieces, with foreign bytes around it, and watches what the parser does to the buffer.</summary>
internal static class Feeding
{
    private const int Origin = 11;
    private const int Behind = 32;

    public static ParseResult Feed(string wire, int[] ends, Action<byte[], int> start, Func<int, ParseResult> parse)
    {
        var bytes = Encoding.Latin1.GetBytes(wire);
        var buffer = new byte[Origin + bytes.Length + Behind];
        buffer.AsSpan().Fill(0xEE);
        start(buffer, Origin);
        var result = default(ParseResult);
        var before = 0;
        foreach (var end in ends)
        {
            bytes.AsSpan(before, end - before).CopyTo(buffer.AsSpan(Origin + before));
            before = end;
            result = parse(Origin + end);
            Assert.InRange(result.Consumed, 0, end);
            if (result.Status != ParseStatus.Incomplete)
            {
                break;
            }
        }

        Assert.False(buffer.AsSpan(0, Origin).ContainsAnyExcept((byte)0xEE), "written before the origin");
        Assert.False(buffer.AsSpan(Origin + bytes.Length).ContainsAnyExcept((byte)0xEE), "written behind the end");
        if (result.Status == ParseStatus.Complete)
        {
            var rest = result.Consumed..before;
            Assert.True(buffer.AsSpan(Origin)[rest].SequenceEqual(bytes.AsSpan(rest)), "written behind the head");
        }

        return result;
    }
}
