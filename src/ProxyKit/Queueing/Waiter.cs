using System.Diagnostics;
using System.Threading.Tasks.Sources;
using ProxyKit.Backends;
using ProxyKit.Transport;

namespace ProxyKit.Queueing;

/// <summary>One request that waits for a slot. Used for one wait after another, until a limit has fired: that may come late, and must then find
/// nobody (see <see cref="IsSpent"/>).</summary>
internal sealed class Waiter(TimerWheel wheel) : Deadline(wheel), IValueTaskSource<QueueOutcome>
{
    private ManualResetValueTaskSourceCore<QueueOutcome> _source = new() { RunContinuationsAsynchronously = true };
    private BackendQueue? _queue;

    /// <summary>Where it stands. The queue's, as are the next four, under its lock.</summary>
    public QueuePosition Position { get; private set; }

    /// <summary>The server it waits for; null for any. Once granted, the server whose slot it has.</summary>
    public ServerState? Server { get; set; }

    /// <summary>The list it is in; null while it waits for nothing.</summary>
    public WaitList? List { get; set; }

    /// <summary>Where it is in <see cref="List"/>.</summary>
    public int Index { get; set; }

    /// <summary>How many had left the list when it came.</summary>
    public int ServedBefore { get; set; }

    /// <summary>How many had a slot before it, of those in its list.</summary>
    public int WentBefore { get; set; }

    /// <summary>The next of those that are to be told how their wait ended.</summary>
    public Waiter? NextEnded { get; set; }

    /// <summary>How its wait ended; for whoever tells it.</summary>
    public QueueOutcome Outcome { get; set; }

    /// <summary>Whether it must not be used again.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>The wait, which can be awaited once.</summary>
    public ValueTask<QueueOutcome> Task => new(this, _source.Version);

    public void Begin(BackendQueue queue, ServerState? server, QueuePosition position)
    {
        Debug.Assert(List is null && !IsSpent, "it waits for one thing at a time");
        _source.Reset();
        _queue = queue;
        Server = server;
        Position = position;
    }

    /// <summary>Ends the wait where it goes on. Any thread.</summary>
    public void GiveUp() => _queue?.Remove(this, QueueOutcome.GivenUp);

    /// <summary>Tells how the wait ended; with no lock held.</summary>
    public void Tell() => _source.SetResult(Outcome);

    QueueOutcome IValueTaskSource<QueueOutcome>.GetResult(short token)
    {
        IsSpent = Clear();
        return _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<QueueOutcome>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<QueueOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void OnFired() => _queue!.Remove(this, QueueOutcome.TimedOut); // set after Begin
}
