using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace ProxyKit.Metering;

/// <summary>One event on its way to the store: its record, and the wait of whoever may only go on when it is safe. Used for one event after
/// another.</summary>
internal sealed class UsageTicket(int recordBytes) : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private readonly byte[] _record = new byte[recordBytes];
    private ManualResetValueTaskSourceCore<bool> _source; // continues where it is told, which is a thread of the pool's
    private int _isWaiting;
    private bool _result;

    /// <summary>How long the record is.</summary>
    public int Length { get; set; }

    /// <summary>Whether the event found no room while the store failed.</summary>
    public bool IsLost { get; set; }

    /// <summary>Room for the record.</summary>
    public Span<byte> Room => _record;

    /// <summary>The record.</summary>
    public Span<byte> Record => _record.AsSpan(0, Length);

    /// <summary>The wait, which can be awaited once; whether the event is safe.</summary>
    public ValueTask<bool> Task => new(this, _source.Version);

    /// <summary>Begins a wait; before anybody who could end it knows of it.</summary>
    public void Begin()
    {
        Debug.Assert(_isWaiting == 0, "one wait at a time");
        _source.Reset();
        Interlocked.Exchange(ref _isWaiting, 1);
    }

    /// <summary>Takes back a wait that no writer knows of.</summary>
    /// <returns>False where it was ended meanwhile: then it has to be awaited before another one begins.</returns>
    public bool TryTakeBack() => Interlocked.Exchange(ref _isWaiting, 0) == 1;

    /// <summary>Ends the wait, once. Any thread.</summary>
    /// <returns>Whether it was this call that did.</returns>
    public bool Tell(bool isSafe)
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 0)
        {
            return false;
        }

        _result = isSafe;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    void IThreadPoolWorkItem.Execute() => _source.SetResult(_result);

    bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
