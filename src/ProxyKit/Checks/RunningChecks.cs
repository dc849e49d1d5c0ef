namespace ProxyKit.Checks;

/// <summary>How many checks are under way, those of servers that have left the configuration included: a stop waits for the last one.</summary>
internal sealed class RunningChecks
{
    private readonly Lock _lock = new(); // guards _count and _over
    private TaskCompletionSource? _over;
    private int _count;

    /// <summary>A check begins.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            _count++;
        }
    }

    /// <summary>A check has ended, and nothing of it is left.</summary>
    public void Leave()
    {
        TaskCompletionSource? over = null;
        lock (_lock)
        {
            if (--_count == 0)
            {
                (over, _over) = (_over, null);
            }
        }

        over?.SetResult();
    }

    /// <summary>Waits until none is under way.</summary>
    public Task WhenNoneAsync()
    {
        lock (_lock)
        {
            return _count == 0 ? Task.CompletedTask : (_over ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
