namespace ProxyKit.Exchanges;

/// <summary>How many connections something serves at once, and a limit on it for those who accept more.</summary>
internal sealed class ConnectionCount
{
    private readonly Lock _lock = new(); // guards _current, _most, _limit and _waiters
    private readonly List<TaskCompletionSource> _waiters = [];
    private int _current, _most;
    private int _limit = int.MaxValue;

    public int Current => Volatile.Read(ref _current);

    /// <summary>The most there ever were.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>At most how many; whoever waits looks again when it grows.</summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set
        {
            lock (_lock)
            {
                _limit = value;
                WakeLocked();
            }
        }
    }

    /// <summary>Counts one more, if the limit allows. <see cref="Leave"/> follows exactly once.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_current >= _limit)
            {
                return false;
            }

            _current++;
            _most = Math.Max(_most, _current);
            return true;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _current--;
            WakeLocked();
        }
    }

    /// <summary>Completes when there may be room. The one who waits must still call <see cref="TryEnter"/>.</summary>
    public Task WhenRoomAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_current < _limit)
            {
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(waiter);
            return waiter.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>All are woken: they are the accept loops of a few listeners, and one that has no use for the room must not keep it.</summary>
    private void WakeLocked()
    {
        if (_waiters.Count == 0 || _current >= _limit)
        {
            return;
        }

        foreach (var waiter in _waiters)
        {
            waiter.TrySetResult();
        }

        _waiters.Clear();
    }
}
