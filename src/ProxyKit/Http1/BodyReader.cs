using System.Diagnostics;
using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Cuts the body of a message out of what was received, whatever its framing.</summary>
internal sealed class BodyReader
{
    /// <summary>For when there is no message, and so no body. Not to be started.</summary>
    public static readonly BodyReader None = new();

    private BodyFraming _framing;
    private ulong _remaining;
    private readonly ChunkedDecoder _chunks = new();

    /// <summary>Whether the body's end was met.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The trailer fields of a chunked body, as lines with their CRLF; empty when there are none.</summary>
    public ReadOnlyMemory<byte> Trailers => _framing == BodyFraming.Chunked ? _chunks.Trailers : default;

    /// <summary>At most how many bytes may be received without reaching into the next message, where that is known.</summary>
    public long ReceiveLimit => _framing == BodyFraming.Length ? (long)Math.Min(_remaining, long.MaxValue) : long.MaxValue;

    /// <summary>Whether enough is to come that a large buffer pays.</summary>
    public bool ExpectsMuch => _framing == BodyFraming.Length && _remaining >= 2 * Transport.BufferPool.HeadSize;

    public void Start(BodyFraming framing, ulong length)
    {
        Debug.Assert(this != None, "everybody's");
        _framing = framing;
        _remaining = length;
        IsComplete = framing == BodyFraming.None || (framing == BodyFraming.Length && length == 0);
        if (framing == BodyFraming.Chunked)
        {
            _chunks.Reset();
        }
    }

    /// <summary>What lies in the buffer of a body whose length is known, without taking it.</summary>
    public ReadOnlySpan<byte> Arrived(ReceiveBuffer buffer) =>
        _framing == BodyFraming.Length ? buffer.Unread[..(int)Math.Min((ulong)buffer.Length, _remaining)] : default;

    /// <summary>Takes the next piece out of the buffer.</summary>
    public BodyResult Take(ReceiveBuffer buffer)
    {
        if (IsComplete)
        {
            return new(BodyStatus.Data, BodySegment.Empty);
        }

        if (buffer.Length == 0)
        {
            return new(BodyStatus.NeedMore, default);
        }

        return _framing == BodyFraming.Chunked ? TakeChunks(buffer) : TakePlain(buffer);
    }

    /// <summary>The peer closed: the end of a body that lasts until then, the truncation of any other.</summary>
    public BodyResult End()
    {
        if (_framing != BodyFraming.UntilClose)
        {
            return new(BodyStatus.Truncated, default);
        }

        IsComplete = true;
        return new(BodyStatus.Data, BodySegment.Empty);
    }

    private BodyResult TakePlain(ReceiveBuffer buffer)
    {
        var start = buffer.Start;
        var length = buffer.Length;
        if (_framing == BodyFraming.Length)
        {
            length = (int)Math.Min((ulong)length, _remaining);
            _remaining -= (ulong)length;
            IsComplete = _remaining == 0;
        }

        buffer.Consume(length);
        return new(BodyStatus.Data, Segment(buffer, start, length));
    }

    private BodyResult TakeChunks(ReceiveBuffer buffer)
    {
        var start = buffer.Start;
        var status = _chunks.Decode(buffer.Unread, out var consumed, out var offset, out var payload);
        if (status == ChunkStatus.Invalid)
        {
            return new(BodyStatus.Invalid, default);
        }

        buffer.Consume(consumed);
        IsComplete = status == ChunkStatus.Done;
        return payload == 0 && !IsComplete
            ? new(BodyStatus.NeedMore, default)
            : new(BodyStatus.Data, Segment(buffer, start + offset, payload));
    }

    private BodySegment Segment(ReceiveBuffer buffer, int start, int length) =>
        new(buffer.Array, start, length, IsComplete, buffer.HeadRoom(start), buffer.TailRoom(start + length));
}
