using ProxyKit.Testing;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport;

/// <summary>A deadline that counts how often it fired.</summary>
internal sealed class CountingDeadline(TimerWheel wheel) : Deadline(wheel)
{
    private readonly Lock _lock = new(); // guards _waiters and the change of _count
    private readonly List<(long Count, TaskCompletionSource Reached)> _waiters = [];
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Deadlines fire on the pool: this one was set last, so that those before it have begun when it ends.</summary>
    public static async Task PoolIsIdleAsync(TimerWheel wheel, ManualTimeProvider time)
    {
        for (var i = 0; i < Environment.ProcessorCount * 2; i++)
        {
            var last = new CountingDeadline(wheel);
            last.Set(TimeSpan.FromMilliseconds(1));
            time.Advance(TimeSpan.FromMilliseconds(1 + (2 * TimerWheel.TickMilliseconds)));
            await last.Fired(1).InTimeAsync();
        }
    }

    /// <summary>Ends when it has fired so often.</summary>
    public Task Fired(long count)
    {
        lock (_lock)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task;
        }
    }

    protected override void OnFired()
    {
        lock (_lock)
        {
            _count++;
            foreach (var (count, reached) in _waiters)
            {
                if (_count >= count)
                {
                    reached.TrySetResult();
                }
            }
        }
    }
}
