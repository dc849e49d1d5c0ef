using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace ProxyKit.Transport;

/// <summary>What a waiting async method's task completes through.</summary>
internal class PooledTaskBox<TResult> : IValueTaskSource<TResult>
{
    private ManualResetValueTaskSourceCore<TResult> _core;

    public short Version => _core.Version;

    public void SetResult(TResult result) => _core.SetResult(result);

    public void SetException(Exception exception) => _core.SetException(exception);

    TResult IValueTaskSource<TResult>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    protected virtual void Return()
    {
    }
}

/// <summary>The box of one async method's state, and the pool of these boxes.</summary>
internal sealed class PooledTaskBox<TResult, TStateMachine> : PooledTaskBox<TResult>
    where TStateMachine : IAsyncStateMachine
{
    /// <summary>How many boxes a thread keeps at hand, and how many are shared beyond that.</summary>
    private const int KeptByThread = 32, KeptShared = 8192;

    private static readonly ConcurrentQueue<PooledTaskBox<TResult, TStateMachine>> Shared = new();

    [ThreadStatic]
    private static LocalStack<PooledTaskBox<TResult, TStateMachine>> t_kept;

    public TStateMachine? StateMachine;

    private PooledTaskBox() => MoveNext = () => StateMachine!.MoveNext(); // set while anybody can call it

    public Action MoveNext { get; }

    public static PooledTaskBox<TResult, TStateMachine> Rent() =>
        t_kept.TryPop(out var box) || Shared.TryDequeue(out box) ? box : new();

    protected override void Return()
    {
        StateMachine = default;
        if (!t_kept.TryPush(this, KeptByThread) && Shared.Count < KeptShared)
        {
            Shared.Enqueue(this);
        }
    }
}
