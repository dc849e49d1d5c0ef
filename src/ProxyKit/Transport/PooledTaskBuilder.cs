using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ProxyKit.Transport;

/// <summary>
/// Builds the <see cref="ValueTask{TResult}"/> of an async method whose state, once it has to wait, lives in a box from a pool. For the methods
/// that a request waits in. The builder of the base framework keeps one spare box for each thread and core; a proxy waits in hundreds of requests
/// at once, and would make most boxes anew.
/// </summary>
/// <remarks>The execution context is not carried over waits: nothing of the data path reads it, and a client's request has none.
/// Each task is awaited exactly once, as every ValueTask must be; that gives the box back.</remarks>
/// <typeparam name="TResult">What the method returns.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "Builders are never compared.")]
[SuppressMessage("Performance", "CA1822", Justification = "The compiler calls these members on the instance.")]
internal struct PooledTaskBuilder<TResult>
{
    private PooledTaskBox<TResult>? _box;
    private TResult? _result;

    public readonly ValueTask<TResult> Task => _box is null ? new ValueTask<TResult>(_result!) : new ValueTask<TResult>(_box, _box.Version);

    [SuppressMessage("Design", "CA1000", Justification = "The compiler looks for it here.")]
    public static PooledTaskBuilder<TResult> Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
        // Nothing to do: a state machine moves into its box before it first waits.
    }

    public void SetResult(TResult result)
    {
        if (_box is null)
        {
            _result = result;
        }
        else
        {
            _box.SetResult(result);
        }
    }

    public void SetException(Exception exception)
    {
        _box ??= new PooledTaskBox<TResult>(); // it threw before it had to wait: a rare case, so a box without a pool
        _box.SetException(exception);
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(Box(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Box(ref stateMachine));

    private Action Box<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (_box is PooledTaskBox<TResult, TStateMachine> box)
        {
            return box.MoveNext;
        }

        box = PooledTaskBox<TResult, TStateMachine>.Rent();
        _box = box; // before the copy, so that the copy's builder knows its box
        box.StateMachine = stateMachine;
        return box.MoveNext;
    }
}
