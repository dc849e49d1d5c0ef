using System.Runtime.CompilerServices;
using ProxyKit.Http;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>Sends messages in HTTP/1.1's framing over a peer's connection: as they lie in memory where nobody changed them, else put together in
/// one buffer, so that a small message is one system call.</summary>
internal readonly struct MessageSender(Http1Peer peer, BufferPool pool)
{
    private static readonly byte[] LastChunk = ChunkWriter.LastChunk.ToArray();

    /// <summary>Sends a request's head and, behind it, the first piece of its body.</summary>
    public ValueTask<IoResult> SendHeadAsync(RequestHead head, BodySegment first, bool chunked, ReadOnlyMemory<byte> trailers)
    {
        var scratch = pool.RentHead();
        return SendWrittenAsync(scratch, Http1Writer.WriteHead(head, scratch), first, chunked, first.IsLast ? trailers : default);
    }

    /// <summary>Sends a response's head and, behind it, the first piece of its body.</summary>
    public ValueTask<IoResult> SendHeadAsync(ResponseHead head, BodySegment first, bool chunked, ReadOnlyMemory<byte> trailers)
    {
        var scratch = pool.RentHead();
        return SendWrittenAsync(scratch, Http1Writer.WriteHead(head, scratch), first, chunked, trailers);
    }

    /// <summary>Sends a further piece of a body.</summary>
    public ValueTask<IoResult> SendBodyAsync(BodySegment segment, bool chunked, ReadOnlyMemory<byte> trailers)
    {
        if (!chunked)
        {
            return segment.Length == 0 ? new(IoResult.Moved(0)) : peer.SendAsync(segment.Memory);
        }

        if (segment.Length == 0)
        {
            return !segment.IsLast ? new(IoResult.Moved(0))
                : trailers.IsEmpty ? peer.SendAsync(LastChunk)
                : SendWrittenAsync(pool.RentHead(), 0, segment, chunked, trailers);
        }

        // In place where the buffer has room around the piece, which it nearly always has.
        Span<byte> sizeLine = stackalloc byte[ChunkWriter.MaxSizeLine];
        var sizeLength = ChunkWriter.WriteSizeLine(sizeLine, segment.Length);
        var tail = ChunkWriter.LineEnd.Length + (segment.IsLast ? LastChunk.Length : 0);
        if (segment.HeadRoom >= sizeLength && segment.TailRoom >= tail && (!segment.IsLast || trailers.IsEmpty))
        {
            var start = segment.Offset - sizeLength;
            var end = segment.Offset + segment.Length;
            sizeLine[..sizeLength].CopyTo(segment.Buffer.AsSpan(start));
            ChunkWriter.LineEnd.CopyTo(segment.Buffer.AsSpan(end));
            if (segment.IsLast)
            {
                LastChunk.CopyTo(segment.Buffer.AsSpan(end + ChunkWriter.LineEnd.Length));
            }

            return peer.SendAsync(segment.Buffer.AsMemory(start, end + tail - start));
        }

        return SendWrittenAsync(pool.RentHead(), 0, segment, chunked, trailers);
    }

    /// <summary>Sends what was written to <paramref name="scratch"/> and, behind it, a piece of a body; then gives the scratch buffer
    /// back.</summary>
    private ValueTask<IoResult> SendWrittenAsync(byte[] scratch, int headLength, BodySegment first, bool chunked, ReadOnlyMemory<byte> trailers)
    {
        if (headLength < 0)
        {
            pool.Return(scratch);
            return new(IoResult.Failed(TransportError.ResourceExhausted)); // what we added made the head too large
        }

        var length = Append(scratch, headLength, first, chunked, trailers);
        if (length < 0)
        {
            return SendInPartsAsync(scratch, headLength, first, chunked, trailers);
        }

        var sending = peer.SendAsync(scratch.AsMemory(0, length));
        if (!sending.IsCompleted)
        {
            return SendAndReturnAsync(sending, scratch);
        }

        pool.Return(scratch);
        return sending;
    }

    /// <summary>Puts a piece behind what is in the buffer; -1 when it does not fit.</summary>
    private static int Append(byte[] scratch, int position, BodySegment segment, bool chunked, ReadOnlyMemory<byte> trailers)
    {
        var framing = chunked ? ChunkWriter.MaxSizeLine + 2 + LastChunk.Length + trailers.Length : 0;
        if (scratch.Length - position < segment.Length + framing)
        {
            return -1;
        }

        if (segment.Length > 0)
        {
            if (chunked)
            {
                position += ChunkWriter.WriteSizeLine(scratch.AsSpan(position), segment.Length);
            }

            segment.Memory.Span.CopyTo(scratch.AsSpan(position));
            position += segment.Length;
            if (chunked)
            {
                "\r\n"u8.CopyTo(scratch.AsSpan(position));
                position += 2;
            }
        }

        if (chunked && segment.IsLast)
        {
            "0\r\n"u8.CopyTo(scratch.AsSpan(position));
            position += 3;
            trailers.Span.CopyTo(scratch.AsSpan(position));
            position += trailers.Length;
            "\r\n"u8.CopyTo(scratch.AsSpan(position));
            position += 2;
        }

        return position;
    }

    private async ValueTask<IoResult> SendAndReturnAsync(ValueTask<IoResult> sending, byte[] scratch)
    {
        var result = await sending.ConfigureAwait(false);
        pool.Return(scratch);
        return result;
    }

    /// <summary>The rare case: a large piece with a head before it, or without room around it.</summary>
    private async ValueTask<IoResult> SendInPartsAsync(
        byte[] scratch, int headLength, BodySegment segment, bool chunked, ReadOnlyMemory<byte> trailers)
    {
        var position = headLength;
        if (chunked && segment.Length > 0)
        {
            // A head is at most HeadSize less a reserve that a size line fits in.
            position += ChunkWriter.WriteSizeLine(scratch.AsSpan(position), segment.Length);
        }

        var result = await peer.SendAsync(scratch.AsMemory(0, position)).ConfigureAwait(false);
        if (!result.HasError)
        {
            result = await peer.SendAsync(segment.Memory).ConfigureAwait(false);
        }

        if (chunked && !result.HasError)
        {
            var end = 0;
            if (segment.Length > 0)
            {
                ChunkWriter.LineEnd.CopyTo(scratch); // ends the chunk's data, where there is a chunk
                end = ChunkWriter.LineEnd.Length;
            }

            end = segment.IsLast ? Append(scratch, end, segment with { Length = 0 }, chunked: true, trailers) : end;
            result = end < 0
                ? IoResult.Failed(TransportError.Other) // trailers are bounded to fit: cannot be
                : await peer.SendAsync(scratch.AsMemory(0, end)).ConfigureAwait(false);
        }

        pool.Return(scratch);
        return result;
    }
}
