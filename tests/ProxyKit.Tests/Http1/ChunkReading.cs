using System.Text;
using ProxyKit.Http1;

namespace ProxyKit.Tests.Http1;

/// <summary>What the decoder makes of a chunked body, the same however it is cut into pieces.</summary>
internal sealed record ChunkReading(ChunkStatus Status, string Payload, string Trailers, string Rest)
{
    /// <summary>Decodes a body in all the ways it may be cut, and checks that they end alike.</summary>
    public static ChunkReading Of(string wire) => Of(wire, Splits.Of(wire.Length));

    public static ChunkReading Of(string wire, IEnumerable<int[]> splits)
    {
        ChunkReading? first = null;
        var decoder = new ChunkedDecoder();
        foreach (var ends in splits)
        {
            var reading = Decode(decoder, wire, ends);
            first ??= reading;
            Assert.Equal(first, reading);
        }

        return first!; // Splits are never none
    }

    private static ChunkReading Decode(ChunkedDecoder decoder, string wire, int[] ends)
    {
        decoder.Reset();
        var payload = new StringBuilder();
        var status = ChunkStatus.NeedMore;
        var before = 0;
        foreach (var end in ends)
        {
            var piece = Encoding.Latin1.GetBytes(wire[before..end]);
            status = decoder.Decode(piece, out var consumed, out var start, out var length);
            Assert.InRange(consumed, 0, piece.Length);
            Assert.InRange(start + length, 0, consumed);
            payload.Append(Encoding.Latin1.GetString(piece, start, length));
            if (status != ChunkStatus.NeedMore)
            {
                before += consumed;
                Assert.Equal(wire[before..end], Encoding.Latin1.GetString(piece, consumed, piece.Length - consumed));
                break;
            }

            Assert.Equal(piece.Length, consumed);
            before = end;
        }

        var isDone = status == ChunkStatus.Done;
        Assert.True(isDone || decoder.Trailers.IsEmpty, "trailers before the end");
        return new(status, payload.ToString(), Encoding.Latin1.GetString(decoder.Trailers.Span), isDone ? wire[before..] : "");
    }
}
