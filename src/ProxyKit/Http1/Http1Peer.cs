using System.Runtime.CompilerServices;
using ProxyKit.Http;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>What both sides of HTTP/1.1 share: a connection, what has arrived on it, the body being read, and the limits on waiting.</summary>
internal abstract class Http1Peer
{
    /// <summary>How long the end of what we send may wait for room.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(1);

    private readonly WaitLimit _waitLimit;
    private long _consumedBefore; // by earlier messages
    private bool _isInHead;
    private SendLimit? _sendLimit; // made by the first send that has to wait

    protected Http1Peer(Connection connection, BufferPool pool, TimerWheel wheel, BodyReader body)
    {
        Connection = connection;
        Buffer = new ReceiveBuffer(pool);
        Body = body;
        _waitLimit = new WaitLimit(wheel, connection);
    }

    public Connection Connection { get; }

    /// <summary>How long the peer may be inactive while a body or our bytes are on their way; null for no limit.</summary>
    public TimeSpan? InactivityLimit { get; set; }

    /// <summary>Whether no large buffer is rented, however much is to come.</summary>
    public bool ReceivesLittle { get; set; }

    /// <summary>How many bytes of the message were taken; of a head that is not complete all that have come. What lies behind its end belongs to the next one, or to
    /// the tunnel. Any flow may ask while another one reads the body.</summary>
    public long BytesReceived => Buffer.Consumed - _consumedBefore + (_isInHead ? Buffer.Length : 0);

    /// <summary>How many bytes were handed over to be sent since the message began that is received or asked for.</summary>
    public abstract long BytesSent { get; protected set; }

    /// <summary>How much has come on the connection so far that nobody must send: what was let pass, and what nobody can read.</summary>
    public int Glitches { get; protected set; }

    /// <summary>Whether the end of the message's body was met.</summary>
    public bool IsBodyComplete => Body.IsComplete;

    /// <summary>What was received beyond the message; the start of a tunnel's data after an upgrade.</summary>
    public ReceiveBuffer Buffer { get; }

    public ReadOnlyMemory<byte> Trailers => Body.Trailers;

    protected BodyReader Body { get; set; }

    protected BufferPool Pool => Buffer.Pool;

    protected TimerWheel Wheel => _waitLimit.Wheel;

    private SendLimit SendLimit => _sendLimit ??= new SendLimit(Wheel, Connection);

    /// <summary>The next piece of the message's body, decoded.</summary>
    /// <param name="due">When it must be here at the latest, by the wheel's clock; the limit on inactivity holds besides.</param>
    public ValueTask<BodyResult> ReceiveBodyAsync(long due = Deadline.Never)
    {
        var result = Note(Body.Take(Buffer));
        return result.Status == BodyStatus.NeedMore ? ReceiveMoreBodyAsync(due) : new(result);
    }

    /// <summary>Takes what is here already of the body, without waiting; false when nothing is.</summary>
    public bool TryTakeBody(out BodyResult result)
    {
        result = Note(Body.Take(Buffer));
        return result.Status != BodyStatus.NeedMore;
    }

    /// <summary>Hands the raw connection over, to be a tunnel from now on. The peer holds no buffer after that: what lay in it, the head
    /// too, is gone.</summary>
    public TunnelEnd DetachForTunnel() => new(Connection, Buffer.TakeAll());

    /// <summary>Breaks the connection off; pending operations fail. Safe from any thread.</summary>
    public void Abort() => Connection.Abort();

    /// <summary>Sends all of it, unless the peer takes nothing for as long as the limit.</summary>
    public ValueTask<IoResult> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        BytesSent += bytes.Length; // one flow sends at a time
        var sending = Connection.SendSomeAsync(bytes);
        if (!sending.IsCompletedSuccessfully)
        {
            return SendLimit.SendRestAsync(bytes, sending, InactivityLimit);
        }

        var result = sending.Result;
        return result.HasError || result.Bytes == bytes.Length ? new(result) : SendLimit.SendRestAsync(bytes, new(result), InactivityLimit);
    }

    /// <summary>Gives a pending wait for the peer's bytes up.</summary>
    public void CancelWait() => Connection.CancelWait();

    /// <summary>Says that nothing more will be sent; breaks off where the peer does not even take that.</summary>
    public async ValueTask ShutdownSendAsync()
    {
        SendLimit.Set(ShutdownLimit);
        await Connection.ShutdownSendAsync().ConfigureAwait(false);
        SendLimit.Clear();
    }

    /// <summary>Counts what is received and sent from here on for another message.</summary>
    protected void BeginMessage() => (_consumedBefore, BytesSent) = (Buffer.Consumed, 0);

    /// <summary>Reads a head from here on: whatever lies in the buffer is its.</summary>
    protected void BeginHead()
    {
        Body.Start(BodyFraming.None, 0);
        _isInHead = true;
    }

    /// <summary>The head is read; a body may follow.</summary>
    protected void EndHead(int length, BodyFraming framing, ulong contentLength)
    {
        Buffer.Consume(length);
        Body.Start(framing, contentLength);
        _isInHead = false;
    }

    /// <summary>Frees what the peer holds; the connection is the caller's to close.</summary>
    protected void ReleasePeer()
    {
        _waitLimit.Retire();
        _sendLimit?.Retire();
        Buffer.Release();
    }

    /// <summary>Begins to wait until something can be received, on the connection itself: no state of ours is kept for the time.</summary>
    /// <param name="due">When to give up, by the wheel's clock.</param>
    /// <returns>False when the wait was given up. Either way <see cref="EndWait"/> follows.</returns>
    protected ValueTask<bool> StartWait(long due)
    {
        var wait = Connection.WaitForDataAsync();
        if (!wait.IsCompleted)
        {
            SetWaitLimit(due);
            if (GivesUp)
            {
                Connection.CancelWait(); // the wish came before the wait; see it now
            }
        }

        return wait;
    }

    /// <summary>Ends the wait.</summary>
    /// <param name="arrived">What it said.</param>
    /// <returns>Why there is nothing to receive; null where there may be.</returns>
    protected TransportError? EndWait(bool arrived)
    {
        var fired = _waitLimit.Clear();
        return arrived ? null
            : fired ? TransportError.TimedOut
            : GivesUp ? TransportError.Aborted
            : null;
    }

    /// <summary>Receives at least a byte, the end, or an error; <see cref="TransportError.TimedOut"/> when <paramref name="due"/> passes,
    /// <see cref="TransportError.Aborted"/> when <see cref="GivesUp"/> says so.</summary>
    /// <param name="due">A time of the wheel's clock; <see cref="Deadline.Never"/> for none.</param>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    protected async ValueTask<IoResult> FillAsync(long due)
    {
        while (true)
        {
            if (Connection.MayHaveData()
                && Buffer.TryReceive(Connection, Body.ReceiveLimit, Body.ExpectsMuch && !ReceivesLittle, out var result))
            {
                return result;
            }

            Buffer.ReleaseIfEmpty();
            var wait = Connection.WaitForDataAsync();
            if (wait.IsCompleted)
            {
                _ = wait.Result; // there is something, or somebody gave the wait up: the next turn finds out
                continue;
            }

            SetWaitLimit(due);
            if (due == Deadline.Never && LateDue != Deadline.Never)
            {
                SetWaitLimit(LateDue); // set by another flow, perhaps before ours was
            }

            if (GivesUp)
            {
                Connection.CancelWait(); // the wish came before the wait; see it now
            }

            if (EndWait(await wait.ConfigureAwait(false)) is { } failure)
            {
                return IoResult.Failed(failure);
            }
        }
    }

    /// <summary>Whether a cancelled wait is to end rather than start over: a stop that another flow asked for.</summary>
    protected virtual bool GivesUp => false;

    /// <summary>A due time that came up while a wait without one was under way.</summary>
    protected virtual long LateDue => Deadline.Never;

    /// <summary>Limits the wait that is under way; another flow than the one that waits calls it.</summary>
    protected void LimitPendingWait(long due) => SetWaitLimit(due);

    protected long DueIn(TimeSpan? limit) =>
        limit is null ? Deadline.Never : Wheel.Now + Math.Max(1, (long)limit.Value.TotalMilliseconds);

    private void SetWaitLimit(long due)
    {
        if (due == Deadline.Never)
        {
            _waitLimit.Set(null);
        }
        else
        {
            _waitLimit.SetAt(due);
        }
    }

    private BodyResult Note(BodyResult result)
    {
        Glitches += result.Status == BodyStatus.Invalid ? 1 : 0;
        return result;
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<BodyResult> ReceiveMoreBodyAsync(long due)
    {
        while (true)
        {
            var received = await FillAsync(Math.Min(due, DueIn(ReceiveLimit))).ConfigureAwait(false);
            if (received.HasError)
            {
                return new(received.Error == TransportError.TimedOut ? BodyStatus.TimedOut : BodyStatus.Failed, default);
            }

            var result = received.IsEnd ? Body.End() : Note(Body.Take(Buffer));
            if (result.Status != BodyStatus.NeedMore)
            {
                return result;
            }
        }
    }

    /// <summary>The limit on each wait for a piece of the body.</summary>
    protected virtual TimeSpan? ReceiveLimit => InactivityLimit;
}
