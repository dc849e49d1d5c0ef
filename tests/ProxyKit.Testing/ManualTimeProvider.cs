namespace ProxyKit.Testing;

/// <summary>Time that moves only when a test says so. Timers fire inside <see cref="Advance"/>, on its thread, in the order of
/// their times and, for the same time, in the order in which they were set; the clock shows each timer its own time.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new(); // guards _now, _timers, _sets and every timer's fields
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;
    private long _sets;

    /// <summary>Starts at noon of an ordinary day.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2025, 3, 4, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are waiting for their time.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return start + _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _now.Ticks;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on and fires what comes up on the way, also what that sets.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan until;
        lock (_lock)
        {
            until = _now + by;
        }

        while (TakeNext(until) is { } timer)
        {
            timer.Fire();
        }
    }

    private ManualTimer? TakeNext(TimeSpan until)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= until).MinBy(timer => (timer.Due, timer.Order));
            if (next is null)
            {
                _now = until;
                return null;
            }

            _now = next.Due > _now ? next.Due : _now;
            _timers.Remove(next);
            if (next.Period > TimeSpan.Zero)
            {
                SetLocked(next, next.Period);
            }

            return next;
        }
    }

    private void SetLocked(ManualTimer timer, TimeSpan dueTime)
    {
        timer.Due = _now + dueTime;
        timer.Order = _sets++;
        _timers.Add(timer);
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public long Order { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (_disposed)
                {
                    return false;
                }

                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    time.SetLocked(this, dueTime);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                _disposed = true;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        public void Fire() => callback(state);
    }
}
