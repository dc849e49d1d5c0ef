using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace ProxyKit.Transport;

/// <summary>
/// One byte stream to a peer. Receiving is split in two: <see cref="WaitForDataAsync"/> waits and holds no memory,
/// <see cref="TryReceive"/> moves what is there into the caller's memory. So an idle connection costs no buffer, a wait can be
/// given up without closing anything, and a wait that was given up serves the next one who waits.
/// </summary>
/// <remarks>
/// One reader and one writer at a time. The wait is a small state machine: <c>Idle</c> (nothing started) → <c>Armed</c> (the
/// transport will signal; nobody waits) ⇄ <c>Waiting</c> (somebody awaits) → <c>Idle</c>; a signal that meets nobody leaves
/// <c>Signaled</c>, which the next wait consumes. Only the owner arms and waits; the transport signals; anybody may cancel.
/// </remarks>
public abstract class Connection : IDisposable, IValueTaskSource<bool>
{
    private const int Idle = 0, Armed = 1, Waiting = 2, Signaled = 3;

    private ManualResetValueTaskSourceCore<bool> _wait;
    private IDataWatcher? _watcher;
    private int _waitState;

    /// <summary>Our own address, if the transport has addresses.</summary>
    public abstract EndPoint? LocalEndPoint { get; }

    /// <summary>The peer's address, if the transport has addresses.</summary>
    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>Where the connection leads: to the peer, unless that passes everything on, as a proxy of SOCKS does.</summary>
    internal virtual EndPoint? Destination
    {
        get => field ?? RemoteEndPoint;
        set;
    }

    /// <summary>Whether the bytes travel encrypted.</summary>
    public virtual bool IsSecure => false;

    /// <summary>Whether the last wait said that there is something to receive, and no receive has found the contrary since.</summary>
    protected bool DataExpected { get; set; }

    /// <summary>Whether the transport's own wait is under way.</summary>
    protected bool IsWaitPending => Volatile.Read(ref _waitState) is Armed or Waiting;

    /// <summary>Whether <see cref="TryReceive"/> is worth a call before the next wait, and so a buffer. For the owner, who is taken to make
    /// that call: a signal that nobody waited for has done its work by this, and does not speak for what may come later.</summary>
    internal bool MayHaveData()
    {
        DataExpected |= TryTakeSignal();
        return DataExpected;
    }

    /// <summary>Moves what has arrived into <paramref name="buffer"/>. Never waits.</summary>
    /// <param name="buffer">Where to; not empty.</param>
    /// <param name="result">The bytes moved, the end of the stream (0 bytes), or the error.</param>
    /// <returns>False when nothing is there yet: call <see cref="WaitForDataAsync"/>.</returns>
    public abstract bool TryReceive(Span<byte> buffer, out IoResult result);

    /// <summary>Sends the beginning of <paramref name="buffer"/>, as much as can go at once; waits only while nothing can. So whoever limits the
    /// time it takes sees a slow peer move. The buffer must not change until the task completes.</summary>
    /// <param name="buffer">What to send; not empty.</param>
    /// <returns>How many bytes were sent, at least one and maybe all; or the error.</returns>
    public abstract ValueTask<IoResult> SendSomeAsync(ReadOnlyMemory<byte> buffer);

    /// <summary>Sends all of <paramref name="buffer"/>, which must not change until the task completes.</summary>
    /// <param name="buffer">What to send.</param>
    /// <returns>All bytes sent, or the error.</returns>
    public ValueTask<IoResult> SendAsync(ReadOnlyMemory<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return new(IoResult.Moved(0));
        }

        var sending = SendSomeAsync(buffer);
        if (!sending.IsCompletedSuccessfully)
        {
            return SendRestAsync(buffer, sending);
        }

        var result = sending.Result;
        return result.HasError || result.Bytes == buffer.Length ? new(result) : SendRestAsync(buffer, new(result));
    }

    /// <summary>Says that nothing more will be sent; the other direction stays open.</summary>
    /// <returns>When the end has been handed to the transport.</returns>
    public abstract ValueTask ShutdownSendAsync();

    /// <summary>Breaks the connection off at once, telling the peer with a reset where the transport can. Pending operations end with
    /// <see cref="TransportError.Aborted"/>. Safe from any thread, and more than once.</summary>
    public abstract void Abort();

    /// <summary>Ends the connection as <see cref="Abort"/> does, but where the transport can, what was sent still arrives, and then the end. Pending operations end with
    /// <see cref="TransportError.Aborted"/> all the same.</summary>
    internal virtual void End() => Abort();

    /// <summary>Marks the packets that are sent from now on, for the system's routing and filters; as far as system and privileges allow.</summary>
    /// <returns>Whether that was done.</returns>
    internal virtual bool TrySetMark(uint mark) => false;

    /// <summary>Gives the packets that are sent from now on a type of service, or traffic class; as far as the system allows.</summary>
    /// <returns>Whether that was done.</returns>
    internal virtual bool TrySetTypeOfService(byte value) => false;

    /// <summary>Has the system ask a silent peer whether it is still there; as far as the system allows.</summary>
    /// <returns>Whether that was done.</returns>
    internal virtual bool TryKeepAlive(TcpKeepAliveOptions options) => false;

    /// <summary>Reads the packet that has opened the connection, where its listener has it kept; it is read once.</summary>
    /// <param name="packet">Receives it.</param>
    /// <returns>How many bytes it has; 0 where there is none.</returns>
    internal virtual int TakeSavedPacket(Span<byte> packet) => 0;

    /// <summary>Has the peer not be told when the connection is broken off: it believes it open. Where the system cannot do that, the reset that
    /// tells it gets no further than the nearest router.</summary>
    /// <param name="hops">How many hops the reset may go, 1 to 255; null for no reset at all, where the system can.</param>
    internal virtual void HideAbort(byte? hops)
    {
    }

    /// <summary>Asks the system for what it knows of the connection: Linux's <c>tcp_info</c>.</summary>
    /// <param name="info">Where to.</param>
    /// <returns>How many bytes it had to say; 0 where this is no TCP connection, or another system.</returns>
    internal virtual int ReadTcpInfo(Span<byte> info) => 0;

    /// <summary>Waits until data, the end of the stream or an error can be received.</summary>
    /// <returns>True when <see cref="TryReceive"/> has something to say; false when <see cref="CancelWait"/> gave the wait up.</returns>
    public ValueTask<bool> WaitForDataAsync() => TryStartWait() ? new(this, _wait.Version) : new(true);

    /// <summary>As <see cref="WaitForDataAsync"/>, for who has one continuation for all the connections it waits on: none is made for each.</summary>
    /// <param name="onEnded">Called once when the wait is over, maybe before this returns; <see cref="EndWait"/> says how it ended.</param>
    /// <param name="waiter">What it is called with.</param>
    /// <returns>False when there is something to receive already: nothing is called then.</returns>
    internal bool TryStartWait(Action<object?> onEnded, object waiter)
    {
        if (!TryStartWait())
        {
            return false;
        }

        _wait.OnCompleted(onEnded, waiter, _wait.Version, ValueTaskSourceOnCompletedFlags.None);
        return true;
    }

    /// <summary>How the wait ended that <see cref="TryStartWait(Action{object?}, object)"/> began, once.</summary>
    internal bool EndWait() => ((IValueTaskSource<bool>)this).GetResult(_wait.Version);

    /// <summary>Receives into <paramref name="buffer"/>, waiting as long as it takes.</summary>
    /// <param name="buffer">Where to; not empty.</param>
    /// <returns>The bytes moved, the end of the stream, or the error; <see cref="TransportError.TimedOut"/> when the wait was given up.</returns>
    public ValueTask<IoResult> ReceiveAsync(Memory<byte> buffer) =>
        TryReceive(buffer.Span, out var result) ? new(result) : ReceiveSlowAsync(buffer);

    /// <summary>Has <paramref name="watcher"/> told when something arrives while nobody waits. The next
    /// <see cref="WaitForDataAsync"/> takes over from the watcher.</summary>
    /// <param name="watcher">Whom to tell.</param>
    /// <returns>False when something is there already; the watcher may then be told too, or not.</returns>
    public bool Watch(IDataWatcher watcher)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        Interlocked.Exchange(ref _watcher, watcher); // a full fence: seen before the state below is read, so no signal is missed
        TryTakeSignal(); // of something received already, maybe: the transport knows whether anything is there
        if (TryArm())
        {
            return true;
        }

        DataExpected = true;
        Volatile.Write(ref _waitState, Signaled);
        return false;
    }

    /// <summary>Whether something arrived that no wait has asked for yet.</summary>
    internal bool HasUnaskedData => Volatile.Read(ref _waitState) == Signaled;

    /// <summary>Gives up the pending wait, which then completes with false. Nothing happens when nobody waits. Safe from any thread.
    /// The waiter's continuation runs on the calling thread.</summary>
    public void CancelWait()
    {
        if (Interlocked.CompareExchange(ref _waitState, Armed, Waiting) == Waiting)
        {
            _wait.SetResult(false);
        }
    }

    /// <summary>Closes the connection in an orderly way and frees what it holds. Safe more than once.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        var arrived = _wait.GetResult(token);
        if (arrived)
        {
            DataExpected = true;
        }

        return arrived;
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    /// <summary>Starts the transport's own wait. Exactly one <see cref="SignalData"/> follows if it returns true.</summary>
    /// <returns>False when there is something to receive already; no signal follows then.</returns>
    protected abstract bool StartWait();

    /// <summary>The transport's word that the wait it started is over: there is data, the end, or an error.</summary>
    protected void SignalData()
    {
        while (true) // a cancel and a new wait may each move the state between the two attempts
        {
            if (Volatile.Read(ref _waitState) == Armed)
            {
                DataExpected = true; // before the state says so: whoever is told may receive without waiting first
            }

            if (Interlocked.CompareExchange(ref _waitState, Signaled, Armed) == Armed)
            {
                Volatile.Read(ref _watcher)?.OnDataAvailable(this);
                return;
            }

            if (Interlocked.CompareExchange(ref _waitState, Idle, Waiting) == Waiting)
            {
                _wait.SetResult(true);
                return;
            }
        }
    }

    /// <summary>Frees what the connection holds.</summary>
    /// <param name="disposing">Always true: there are no finalizers.</param>
    protected abstract void Dispose(bool disposing);

    private async ValueTask<IoResult> ReceiveSlowAsync(Memory<byte> buffer)
    {
        while (true)
        {
            if (!await WaitForDataAsync().ConfigureAwait(false))
            {
                return IoResult.Failed(TransportError.TimedOut);
            }

            if (TryReceive(buffer.Span, out var result))
            {
                return result;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<IoResult> SendRestAsync(ReadOnlyMemory<byte> buffer, ValueTask<IoResult> sending)
    {
        for (var sent = 0; ; sending = SendSomeAsync(buffer[sent..]))
        {
            var result = await sending.ConfigureAwait(false);
            sent += result.Bytes;
            if (result.HasError || sent == buffer.Length)
            {
                return result.HasError ? result : IoResult.Moved(sent);
            }
        }
    }

    /// <summary>Begins the owner's wait; false when there is something to receive already.</summary>
    private bool TryStartWait()
    {
        Volatile.Write(ref _watcher, null);
        if (TryTakeSignal() || !TryArm())
        {
            DataExpected = true;
            return false;
        }

        _wait.Reset();
        if (Interlocked.CompareExchange(ref _waitState, Waiting, Armed) != Armed)
        {
            // The signal came between arming and waiting.
            Volatile.Write(ref _waitState, Idle);
            DataExpected = true;
            return false;
        }

        return true;
    }

    private bool TryTakeSignal()
    {
        if (Volatile.Read(ref _waitState) != Signaled)
        {
            return false;
        }

        Volatile.Write(ref _waitState, Idle);
        return true;
    }

    /// <summary>Makes sure that a wait is under way; false when something is there already, with the state back at Idle.</summary>
    private bool TryArm()
    {
        if (Volatile.Read(ref _waitState) != Idle)
        {
            return true;
        }

        Volatile.Write(ref _waitState, Armed); // before the start: the signal may come while StartWait still runs
        if (StartWait())
        {
            return true;
        }

        Volatile.Write(ref _waitState, Idle);
        return false;
    }
}
