using System.Runtime.CompilerServices;
using ProxyKit.Http;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>A server on an HTTP/1 connection. Lives as long as the connection and serves one exchange at a time.</summary>
internal sealed class Http1Upstream(Connection connection, BufferPool pool, TimerWheel wheel)
    : Http1Peer(connection, pool, wheel, new BodyReader()), IDisposable
{
    private readonly ResponseHeadParser _parser = new();
    private BodyFraming _requestFraming;
    private volatile bool _isRequestSent;
    private long _lateDue = Deadline.Never;
    private bool _dropsBody;
    private int _disposed;

    /// <summary>How many exchanges it served or serves.</summary>
    public int Uses { get; set; }

    /// <inheritdoc/>
    public override long BytesSent { get; protected set; }

    /// <summary>Is called once, when the connection is closed.</summary>
    public Action? Closed { get; init; }

    /// <summary>Whether the connection is reset when it is closed.</summary>
    public bool Resets { get; init; }

    /// <summary>The header of the PROXY protocol that the connection began with, so that it serves those alone for whom that is right; null for none.</summary>
    public byte[]? ProxyHeader { get; init; }

    /// <summary>The name that its pool has, so that it serves those alone whose requests give that one: what the server was asked for, unless the pool goes
    /// by something else. Null for none.</summary>
    public byte[]? PoolName { get; init; }

    /// <summary>How its packets are marked, so that it serves those alone whose are to be.</summary>
    public PacketMarks Marks { get; init; }

    /// <inheritdoc cref="ResponseHeadParser.IsLenient"/>
    public bool IsLenient
    {
        get => _parser.IsLenient;
        set => _parser.IsLenient = value;
    }

    /// <inheritdoc cref="RequestHeadParser.KeepsBothLengths"/>
    public bool KeepsBothLengths
    {
        get => _parser.KeepsBothLengths;
        set => _parser.KeepsBothLengths = value;
    }

    /// <summary>Whether the connection itself was authenticated (NTLM, Negotiate), so that it must never carry another client's request.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>Whether it is kept for its client alone: it was authenticated for that one, or told or marked what is right for that one.</summary>
    public bool IsOfOneClient => IsPrivate || ProxyHeader is not null || Marks != default;

    /// <summary>Whether the connection can carry another request: the last exchange is complete in both directions, nothing came that
    /// nobody asked for, and the server said nothing against it.</summary>
    public bool IsClean => Body.IsComplete && Buffer.Length == 0 && !Connection.HasUnaskedData;

    /// <summary>Whether something came on the idle connection, or its end. For whoever has taken it out of where it was kept. A signal alone
    /// is no proof: the socket engine also signals for bytes that were received before the wait began.</summary>
    public bool IsSpoilt()
    {
        Span<byte> any = stackalloc byte[1];
        return Connection.HasUnaskedData && Connection.MayHaveData() && Connection.TryReceive(any, out _);
    }

    /// <summary>Counts what is received and sent from here on for another exchange.</summary>
    public void BeginCount() => BeginMessage();

    /// <summary>Sends a request's head together with the first piece of its body. Changes nothing in either, so that they can be sent again.</summary>
    public ValueTask<IoResult> SendRequestAsync(RequestHead head, BodySegment first, ReadOnlyMemory<byte> trailers = default)
    {
        BeginMessage();
        _requestFraming = head.Framing;
        _dropsBody = head.DropsBody;
        if (_dropsBody)
        {
            first = BodySegment.Empty;
        }

        Volatile.Write(ref _lateDue, Deadline.Never);
        _isRequestSent = first.IsLast;
        var unchanged = head.Unchanged;
        var chunked = head.Framing == BodyFraming.Chunked;
        if (!unchanged.IsEmpty && first.Length == 0 && !(chunked && first.IsLast))
        {
            return SendAsync(unchanged);
        }

        return new MessageSender(this, Pool).SendHeadAsync(head, first, chunked, trailers);
    }

    /// <summary>Sends a further piece of the request's body, and the trailers with the last one.</summary>
    public ValueTask<IoResult> SendBodyAsync(BodySegment segment, ReadOnlyMemory<byte> trailers) => _dropsBody
        ? new(IoResult.Moved(0))
        : new MessageSender(this, Pool).SendBodyAsync(segment, _requestFraming == BodyFraming.Chunked, trailers);

    /// <summary>Reads the next head, informational or final, within the limit on the server's inactivity as a whole.</summary>
    /// <param name="head">Where to.</param>
    /// <param name="method">The request's method, which decides whether a body follows.</param>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<HeadResult> ReceiveResponseAsync(ResponseHead head, RequestMethod method)
    {
        BeginHead();
        var due = DueIn(ReceiveLimit);
        var started = false;
        while (true)
        {
            if (Buffer.Length > 0)
            {
                if (Buffer.TryCompactFor(RequestHeadParser.DefaultMaxHeadBytes) || !started)
                {
                    _parser.Start(head, Buffer.Array, Buffer.Start, method);
                    started = true;
                }

                var parsed = _parser.Parse(Buffer.End);
                if (parsed.Status == ParseStatus.Complete)
                {
                    Glitches += _parser.Oddities;
                    EndHead(parsed.Consumed, head.Framing, head.ContentLength);
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
                var any = Buffer.Length > 0;
                var status = received.IsEnd ? (any ? HeadStatus.Truncated : HeadStatus.Closed)
                    : received.Error == TransportError.TimedOut ? HeadStatus.TimedOut
                    : HeadStatus.Failed;
                return new(status, 0, null, any);
            }
        }
    }

    /// <summary>Gives back what the exchange needed, so that the connection can wait for another one holding nothing.</summary>
    /// <returns>Whether it can carry another one: see <see cref="IsClean"/>.</returns>
    public bool TryEndExchange()
    {
        Buffer.ReleaseIfEmpty();
        return IsClean;
    }

    /// <summary>The last of the request's body has been sent: from here on the server's inactivity is limited, also in a wait that is under way.
    /// Another flow than the one that waits calls it.</summary>
    public void EndRequest()
    {
        var due = DueIn(InactivityLimit);
        Volatile.Write(ref _lateDue, due);
        _isRequestSent = true;
        LimitPendingWait(due);
    }

    protected override long LateDue => Volatile.Read(ref _lateDue);

    /// <summary>While the request is still being sent the server owes nothing, and it is the client's time that runs.</summary>
    protected override TimeSpan? ReceiveLimit => _isRequestSent ? InactivityLimit : null;

    /// <summary>Closes the connection and gives back what it holds. Only when no exchange uses it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            if (Resets)
            {
                Connection.Abort();
            }

            Connection.Dispose();
            ReleasePeer();
            Closed?.Invoke();
        }
    }
}
