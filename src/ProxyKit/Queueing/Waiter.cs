using System.Diagnostics;
using System.Threading.Tasks.Sources;
using ProxyKit.Backends;
using ProxyKit.Transport;

namespace ProxyKit.Queueing;

/// <summary>One request that waits for a slot. Used for one wait after another, until a limit has fired: that may come late, and must then find
/// nobody (see <see cref="IsSpent"/>).</summary>
internal sealed class Waiter(TimerWheel wheel) : Deadline(wheel), IValueTaskSource<QueueOutcome>, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<QueueOutcome> _source = new() { RunContinuationsAsynchronously = true };
    private BackendQueue? _queue;

    /// <summary>Where it stands among those of its class and key. The queue's, as are all that follow down to <see cref="Outcome"/>, under its
    /// lock.</summary>
    public QueuePosition Position { get; private set; }

    /// <summary>What it brought along.</summary>
    public WaitTicket Ticket { get; private set; }

    /// <summary>The server it waits for; null for any. Once granted, the server whose slot it has.</summary>
    public ServerState? Server { get; set; }

    /// <summary>Whether it stays with its server when that goes down. HAProxy: <c>force-persist</c>.</summary>
    public bool IsForced { get; private set; }

    /// <summary>The list it is in; null while it waits for nothing.</summary>
    public WaitList? List { get; set; }

    /// <summary>Those of its list who have its class and key.</summary>
    public WaitFlow? Flow { get; set; }

    /// <summary>Where it is among them, from the one that goes first and from the one that goes last.</summary>
    public int Place { get; set; }

    public int PlaceFromBehind { get; set; }

    /// <summary>When its time is over, by the wheel's clock.</summary>
    public long Until { get; private set; }

    /// <summary>How many had left the list when it came.</summary>
    public int ServedBefore { get; set; }

    /// <summary>How many had a slot before it, of those in its list; -1 where it did not have to wait at all.</summary>
    public int WentBefore { get; set; }

    /// <summary>The next of those that are to be told how their wait ended.</summary>
    public Waiter? NextEnded { get; set; }

    /// <summary>How its wait ended; for whoever tells it.</summary>
    public QueueOutcome Outcome { get; set; }

    /// <summary>When it ended, by the clock's timestamp; who waits hears of it a little later.</summary>
    public long EndedAt { get; private set; }

    /// <summary>Whether it must not be used again.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>The wait, which can be awaited once.</summary>
    public ValueTask<QueueOutcome> Task => new(this, _source.Version);

    /// <summary>The end of the wait, for who awaits that alone and leaves <see cref="Task"/> to somebody else, who comes after it.</summary>
    public ValueTask<bool> Ended => new(this, _source.Version);

    public void Begin(BackendQueue queue, ServerState? server, in WaitTicket ticket, QueuePosition position, bool isForced)
    {
        Debug.Assert(List is null && !IsSpent, "it waits for one thing at a time");
        _source.Reset();
        _queue = queue;
        Server = server;
        Ticket = ticket;
        Position = position;
        IsForced = isForced;
    }

    /// <summary>Sets how long it may wait; null for no limit.</summary>
    public void LimitTo(TimeSpan? limit, long now)
    {
        Until = limit is { } time ? now + Math.Max(1, (long)time.TotalMilliseconds) : Never;
        if (Until != Never)
        {
            SetAt(Until);
        }
    }

    /// <summary>Which one is to have a server's slot, of the first in the server's own queue and the first of all: the better class; in the same class
    /// who came first, or whose key has waited longer for its turn. The server's own goes first in a tie.</summary>
    public static Waiter? Choose(Waiter? own, Waiter? any)
    {
        if (own is null || any is null)
        {
            return own ?? any;
        }

        var (mine, other) = (own.Ticket, any.Ticket);
        var (myTurn, otherTurn) = (own.Flow!.LastTurn, any.Flow!.LastTurn); // first in their lists, so they are in them
        var takesAny = mine.Class != other.Class ? other.Class < mine.Class
            : mine.Key != other.Key && myTurn != otherTurn ? otherTurn < myTurn
            : any.Position.Time < own.Position.Time;
        return takesAny ? any : own;
    }

    /// <summary>Ends the wait where it goes on. Any thread.</summary>
    public void GiveUp() => _queue?.Remove(this, QueueOutcome.GivenUp);

    /// <summary>Tells how the wait ended; with no lock held.</summary>
    public void Tell()
    {
        EndedAt = Wheel.Time.GetTimestamp();
        _source.SetResult(Outcome);
    }

    QueueOutcome IValueTaskSource<QueueOutcome>.GetResult(short token)
    {
        IsSpent = Clear();
        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<QueueOutcome>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<QueueOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    bool IValueTaskSource<bool>.GetResult(short token) => true;

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void OnFired() => _queue!.Remove(this, QueueOutcome.TimedOut); // set after Begin
}
