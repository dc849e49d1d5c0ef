using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProxyKit.Http;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>A client on an HTTP/1 connection.</summary>
internal sealed class Http1Downstream : Http1Peer, IDownstream
{
    private RequestReader? _reader; // while a request is under way
    private DepartureWatch? _watch; // while one is parked, and there is no reader
    private BodyFraming _responseFraming;
    private volatile bool _stopsReading, _isDraining, _keepsIdle;
    private HttpProtocol _protocol;
    private RequestMethod _method; // as the client sent it, whatever rules make of it for the server
    private bool _inExchange, _dropsBody;
    private int _glitchesTaken;

    public Http1Downstream(Connection connection, BufferPool pool, TimerWheel wheel)
        : base(connection, pool, wheel, BodyReader.None)
    {
    }

    /// <summary>How fields of responses are written; null for as they are.</summary>
    public HeaderCase? HeaderCase { get; set; }

    /// <inheritdoc cref="RequestHeadParser.IsLenient"/>
    public bool IsLenient { get; set; }

    /// <inheritdoc cref="RequestHeadParser.TakesBodyOfAnyMethod"/>
    public bool TakesBodyOfAnyMethod { get; set; }

    /// <inheritdoc cref="RequestHeadParser.KeepsBothLengths"/>
    public bool KeepsBothLengths { get; set; }

    /// <inheritdoc/>
    /// <remarks>Counted while a request is under way: a client that asks for nothing has no place for it.</remarks>
    public override long BytesSent
    {
        get => _reader?.BytesSent ?? 0;
        protected set
        {
            if (_reader is { } reader)
            {
                reader.BytesSent = value;
            }
        }
    }

    public bool IsBodyBuffered => Body.IsComplete || (Body.ReceiveLimit <= Buffer.Length);

    public ReadOnlySpan<byte> ArrivedBody => Body.Arrived(Buffer);

    protected override bool GivesUp => _stopsReading || (_isDraining && !_keepsIdle && !_inExchange);

    /// <summary>Waits until a request may have begun, holding no buffer.</summary>
    /// <param name="due">When to give up, by the wheel's clock.</param>
    /// <returns>False when the wait was given up; either way <see cref="ReceiveFirstAsync"/> tells what came of it.</returns>
    public ValueTask<bool> WaitForRequestAsync(long due)
    {
        BeginMessage();
        _inExchange = false;
        return Buffer.Length > 0 || Connection.MayHaveData() ? new(true) : StartWait(due);
    }

    /// <summary>Receives the first bytes of a request, when <see cref="WaitForRequestAsync"/> has ended.</summary>
    /// <param name="arrived">What that said.</param>
    /// <param name="due">When to give up, should nothing have come after all.</param>
    /// <returns>Whether there is a byte; <see cref="TransportError.TimedOut"/>, or <see cref="TransportError.Aborted"/> when the proxy drains.</returns>
    public ValueTask<IoResult> ReceiveFirstAsync(bool arrived, long due) =>
        EndWait(arrived) is { } failure ? new(IoResult.Failed(failure))
        : Buffer.Length > 0 ? new(IoResult.Moved(Buffer.Length))
        : FillAsync(due);

    /// <summary>Reads the head of a request.</summary>
    /// <param name="head">Where to.</param>
    /// <param name="due">When it must be complete, by the wheel's clock.</param>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<HeadResult> ReceiveRequestAsync(RequestHead head, long due)
    {
        _inExchange = true;
        _stopsReading = ReceivesLittle = false;
        var reader = _reader ??= RequestReader.Rent(Connection, Buffer);
        Body = reader.Body;
        Prepare(reader.Head);
        BeginMessage();
        BeginHead();
        bool started = false, anyByte = false;
        while (true)
        {
            if (Buffer.Length > 0)
            {
                if (Buffer.TryCompactFor(RequestHeadParser.DefaultMaxHeadBytes) || !started)
                {
                    reader.Head.Start(head, Buffer.Array, Buffer.Start);
                    started = true;
                }

                var parsed = reader.Head.Parse(Buffer.End);
                anyByte = parsed.Status != ParseStatus.Incomplete || parsed.Consumed < Buffer.Length; // empty lines are nobody's request
                if (parsed.Status == ParseStatus.Complete)
                {
                    Glitches += reader.Head.Oddities;
                    EndHead(parsed.Consumed, head.Framing, head.ContentLength);
                    Buffer.Keep();
                    _protocol = head.Protocol;
                    _method = head.Method;
                    return new(HeadStatus.Complete, 0, null, AnyByte: true);
                }

                if (parsed.Status == ParseStatus.Refused)
                {
                    Glitches++;
                    return new(HeadStatus.Refused, parsed.Refusal, parsed.Reason, AnyByte: true);
                }
            }

            var received = await FillAsync(due).ConfigureAwait(false);
            if (received.HasError || received.IsEnd)
            {
                var status = received.IsEnd ? (anyByte ? HeadStatus.Truncated : HeadStatus.Closed)
                    : received.Error == TransportError.TimedOut ? HeadStatus.TimedOut
                    : HeadStatus.Failed;
                return new(status, 0, null, anyByte);
            }
        }
    }

    /// <summary>Takes what is here of the body and keeps it, as the head is kept: it may be sent again, and what the client sends ahead must
    /// not come to lie over it.</summary>
    bool IDownstream.TryTakeBody(out BodyResult result)
    {
        var any = TryTakeBody(out result);
        Buffer.Keep();
        return any;
    }

    public int TakeGlitches()
    {
        var count = Glitches - _glitchesTaken;
        _glitchesTaken = Glitches;
        return count;
    }

    public void HoldLess(RequestHead head, ref BodySegment body)
    {
        var (before, from) = (head.Buffer, head.Origin);
        if (before != Buffer.Array || Buffer.TryMoveKept(from) is not { } array)
        {
            return;
        }

        head.MoveTo(array, 0);
        _reader?.Head.Release();
        if (body.Buffer == before)
        {
            var start = body.Offset - from;
            body = body with { Buffer = array, Offset = start, TailRoom = array.Length - start - body.Length };
        }
    }

    public void Park(IDepartureObserver observer)
    {
        Debug.Assert(Body.IsComplete && Body.Trailers.IsEmpty, "nothing is left to read");
        Body = BodyReader.None;
        _watch = RequestReader.ReturnWithoutWatch(_reader!); // a request is under way
        _reader = null;
        _watch.Start(observer);
    }

    public void Unpark(RequestHead head, ReadOnlyMemory<byte> unchanged)
    {
        _watch!.Stop(); // parked
        _reader = RequestReader.Rent(Connection, Buffer, _watch);
        _watch = null;
        if (MemoryMarshal.TryGetArray(unchanged, out var bytes) && bytes.Count > 0)
        {
            Prepare(_reader.Head);
            _reader.Head.Start(head, bytes.Array!, bytes.Offset); // with bytes, so in an array
            var parsed = _reader.Head.Parse(bytes.Offset + bytes.Count);
            Debug.Assert(parsed.Status == ParseStatus.Complete, "it has one reading");
        }
    }

    /// <summary>Has a parser read as the frontend wants it.</summary>
    private void Prepare(RequestHeadParser parser) =>
        (parser.IsLenient, parser.TakesBodyOfAnyMethod, parser.KeepsBothLengths) = (IsLenient, TakesBodyOfAnyMethod, KeepsBothLengths);

    public bool MustCloseAfter(RequestHead request, ResponseHead? response) =>
        (request.Connection & ConnectionOptions.Close) != 0
        || (request.Protocol == HttpProtocol.Http10 && (request.Connection & ConnectionOptions.KeepAlive) == 0)
        || request.HadBothLengths
        || _isDraining
        || (response is not null
            && (FramingFor(response) == BodyFraming.UntilClose
                || (response.Connection & ConnectionOptions.ClosedByRule) != 0
                || response is { IsInformational: true, Status: not 101 })); // by a rule: the client would wait for another one

    public ValueTask<IoResult> SendInformationalAsync(ResponseHead head)
    {
        if (_protocol == HttpProtocol.Http10)
        {
            return new(IoResult.Moved(0)); // RFC 9110 §15.2: a client of HTTP/1.0 would take it for the response
        }

        HopByHopHeaders.PrepareResponse(head, _protocol, closes: false, upgrades: head.Status == 101);
        HeaderCase?.Apply(head.Headers);
        return head.Unchanged.IsEmpty ? SendWrittenAsync(head, BodySegment.Empty, default) : SendAsync(head.Unchanged);
    }

    public ValueTask<IoResult> SendResponseAsync(ResponseHead head, bool closes, BodySegment first, ReadOnlyMemory<byte> trailers)
    {
        _responseFraming = FramingFor(head);
        SettleBody(head, ref first, ref trailers);
        if (head.Framing == BodyFraming.Chunked && _responseFraming == BodyFraming.UntilClose)
        {
            head.Headers.RemoveAll(KnownHeader.TransferEncoding);
        }

        if (_responseFraming == BodyFraming.Chunked && head.Protocol == HttpProtocol.Http10)
        {
            // A server of HTTP/1.0 that sends chunks all the same: what it sent is HTTP/1.1, and so it is passed on.
            head.Protocol = HttpProtocol.Http11;
            head.IsStartLineClean = false;
        }

        HopByHopHeaders.PrepareResponse(head, _protocol, closes, upgrades: head.Status == 101);
        HeaderCase?.Apply(head.Headers);
        var unchanged = head.Unchanged;
        if (unchanged.IsEmpty || _responseFraming == BodyFraming.Chunked)
        {
            return SendWrittenAsync(head, first, trailers);
        }

        // Nobody changed the head: it lies in front of its body as it came, and both go out as they are.
        return first.Length == 0 ? SendAsync(unchanged)
            : Joined(unchanged, first) is { IsEmpty: false } both ? SendAsync(both)
            : SendWrittenAsync(head, first, trailers);
    }

    public ValueTask<IoResult> SendBodyAsync(BodySegment segment, ReadOnlyMemory<byte> trailers) => _dropsBody
        ? new(IoResult.Moved(0))
        : new MessageSender(this, Pool).SendBodyAsync(segment, _responseFraming == BodyFraming.Chunked, trailers);

    public ValueTask<IoResult> SendReplyAsync(ReadOnlyMemory<byte> reply) => SendAsync(reply);

    public void WatchForDeparture(IDepartureObserver observer) => _reader?.Watch.Start(observer);

    public void StopWatching() => _reader?.Watch.Stop();

    /// <summary>Ends the connection with its exchange, or now where none is under way. Any thread.</summary>
    /// <param name="keepsIdle">Whether it may wait for one more request where none is under way.</param>
    public void Drain(bool keepsIdle)
    {
        _keepsIdle = keepsIdle; // before the flag that it is about
        _isDraining = true;
        if (!keepsIdle)
        {
            CancelWait(); // a wait within an exchange starts over
        }
    }

    public void StopReading()
    {
        _stopsReading = true;
        CancelWait();
    }

    public void ResumeReading() => _stopsReading = false;

    /// <summary>Gives back what the exchange needed, so that the client can be idle and cost nothing.</summary>
    public void EndExchange()
    {
        Buffer.ReleaseKept();
        Body = BodyReader.None;
        if (_reader is { } reader)
        {
            _reader = null;
            RequestReader.Return(reader);
        }
    }

    public void Release() => ReleasePeer();

    /// <summary>Reads and forgets what the client still sends, so that closing does not reset the connection under the response on its
    /// way (RFC 9112 §9.6). Bounded in bytes and time.</summary>
    public async ValueTask LingerAsync()
    {
        const int MostDiscarded = 256 * 1024;
        Buffer.Release();
        _stopsReading = false;
        _inExchange = true;
        await ShutdownSendAsync().ConfigureAwait(false);
        var due = DueIn(TimeSpan.FromSeconds(1));
        for (var discarded = 0; discarded < MostDiscarded;)
        {
            var received = await FillAsync(due).ConfigureAwait(false);
            if (received.HasError || received.IsEnd)
            {
                break;
            }

            discarded += received.Bytes;
            Buffer.Release();
        }
    }

    private static ReadOnlyMemory<byte> Joined(ReadOnlyMemory<byte> head, BodySegment body) =>
        MemoryMarshal.TryGetArray(head, out var array)
            && array.Array == body.Buffer && array.Offset + array.Count == body.Offset
            ? body.Buffer.AsMemory(array.Offset, array.Count + body.Length)
            : default;

    /// <summary>Rules may have changed the method on its way to the server, or the status on its way back: what the client is sent must be what
    /// it expects behind the method it sent and the status it gets.</summary>
    private void SettleBody(ResponseHead head, ref BodySegment first, ref ReadOnlyMemory<byte> trailers)
    {
        _dropsBody = head.Framing != BodyFraming.None && (_method == RequestMethod.Head || head.Status is < 200 or 204 or 304);
        if (_dropsBody)
        {
            _responseFraming = BodyFraming.None;
            first = BodySegment.Empty;
            trailers = default;
        }
        else if (head.Framing == BodyFraming.None && head.Status is >= 200 and not 204 and not 304
            && _method is not (RequestMethod.Head or RequestMethod.Connect))
        {
            head.Headers.RemoveAll(KnownHeader.ContentLength);
            head.Headers.RemoveAll(KnownHeader.TransferEncoding);
            head.Headers.Add("content-length"u8, "0"u8);
        }
    }

    /// <summary>How a response's body is framed for this client: a client of HTTP/1.0 knows no chunks.</summary>
    private BodyFraming FramingFor(ResponseHead head) =>
        head.Framing == BodyFraming.Chunked && _protocol == HttpProtocol.Http10 ? BodyFraming.UntilClose : head.Framing;

    private ValueTask<IoResult> SendWrittenAsync(ResponseHead head, BodySegment first, ReadOnlyMemory<byte> trailers) =>
        new MessageSender(this, Pool).SendHeadAsync(
            head, first, chunked: _responseFraming == BodyFraming.Chunked && !head.IsInformational, trailers);
}
