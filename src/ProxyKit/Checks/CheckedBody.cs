using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Checks;

/// <summary>The body of a response to a check, as far as it has come.</summary>
internal readonly ref struct CheckedBody
{
    public CheckedBody(ResponseHead response, ReadOnlySpan<byte> received, bool isOver)
    {
        switch (response.Framing)
        {
            case BodyFraming.None:
                IsComplete = true;
                break;
            case BodyFraming.Length:
                var length = (int)Math.Min(response.ContentLength, (ulong)received.Length);
                Bytes = received[..length];
                IsComplete = isOver || (ulong)length == response.ContentLength;
                break;
            case BodyFraming.Chunked:
                var copy = received.ToArray(); // the decoder works in place, and more may come
                var status = new ChunkedDecoder().Decode(copy, out _, out var start, out var payload);
                Bytes = copy.AsSpan(start, payload);
                IsInvalid = status == ChunkStatus.Invalid;
                IsComplete = isOver || status == ChunkStatus.Done;
                break;
            default:
                Bytes = received;
                IsComplete = isOver;
                break;
        }
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public bool IsComplete { get; }

    public bool IsInvalid { get; }
}
