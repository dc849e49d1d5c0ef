namespace ProxyKit.Exchanges;

/// <summary>How many sessions a frontend, or the process, began in the last second, and a limit on it for those who accept more. HAProxy:
/// <c>rate-limit sessions</c>, <c>maxsessrate</c> and their like, with its estimate: the count of the running second, and of the second before it the share that is not over yet.</summary>
internal sealed class SessionRate(TimeProvider time)
{
    private const long Period = 1000;

    private readonly Lock _lock = new(); // guards the counts, _start and _returned
    private readonly long _origin = time.GetTimestamp();
    private long _start, _current, _previous;
    private TaskCompletionSource? _returned; // for those who wait, when a place comes back early
    private int _limit = int.MaxValue;

    /// <summary>At most how many in a second.</summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>Counts one more, if the limit allows.</summary>
    public bool TryBegin()
    {
        if (Limit == int.MaxValue)
        {
            return true; // nothing to count for
        }

        lock (_lock)
        {
            if (WaitLocked() > 0)
            {
                return false;
            }

            _current++;
            return true;
        }
    }

    /// <summary>One that was counted did not become a session.</summary>
    public void TakeBack()
    {
        lock (_lock)
        {
            _current -= _current > 0 ? 1 : 0; // its second may be over
            _returned?.TrySetResult();
            _returned = null;
        }
    }

    /// <summary>Completes when one more may fit; null where one does. The one who waits must still call <see cref="TryBegin"/>.</summary>
    public Task? WaitForRoom(CancellationToken cancellationToken)
    {
        if (Limit == int.MaxValue)
        {
            return null;
        }

        lock (_lock)
        {
            var wait = WaitLocked();
            if (wait == 0)
            {
                return null;
            }

            _returned ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken), _returned.Task).Unwrap();
        }
    }

    /// <summary>The time until the limit allows one more, if no other begins meanwhile; zero for at once.</summary>
    public TimeSpan TimeUntilRoom()
    {
        if (Limit == int.MaxValue)
        {
            return TimeSpan.Zero;
        }

        lock (_lock)
        {
            return TimeSpan.FromMilliseconds(WaitLocked());
        }
    }

    private long WaitLocked()
    {
        var now = (long)time.GetElapsedTime(_origin).TotalMilliseconds;
        var elapsed = now - _start;
        if (elapsed >= Period)
        {
            (_previous, _current) = (elapsed < 2 * Period ? _current : 0, 0);
            _start = elapsed < 2 * Period ? _start + Period : now;
            elapsed = now - _start;
        }

        if (_current < Limit)
        {
            return Math.Max(0, FirstMomentBelow(_previous, Limit - _current) - elapsed);
        }

        return Period - elapsed + FirstMomentBelow(_current, Limit);
    }

    /// <summary>The first millisecond of a second at which the share of the one before is below a number of places.</summary>
    private static long FirstMomentBelow(long previous, long places) =>
        previous < places ? 0 : Period - (((places * Period) - 1) / previous); // previous * (Period - t) < places * Period
}
