using System.Runtime.CompilerServices;
using ProxyKit.Transport;

namespace ProxyKit.Testing;

/// <summary>Time that moves only when a test says so. Timers fire inside <see cref="Advance"/>, on its thread, in the order of
/// their times and, for the same time, in the order in which they were set; the clock shows each timer its own time.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private const int MostStops = 2000; // who lets weeks pass does not want each minute of them

    private readonly Lock _lock = new(); // guards _now, _shift, _timers, _sets and every timer's fields
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now, _shift;
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
            return start + _now + _shift;
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

    /// <summary>Whether the clock lets others finish: it stands still while anything in this process is at work, also what a timer has set off on the
    /// way. Real sockets, threads and files then take no time, however slow the machine is; without it they race against the clock.</summary>
    public bool LetsOthersFinish { get; init; }

    /// <summary>Moves the clock on and fires what comes up on the way, also what that sets.</summary>
    public void Advance(TimeSpan by) => Move(by, toNext: false);

    /// <summary>Moves the clock on to the next timer that sets anything off, but no further than so much.</summary>
    public void AdvanceToNext(TimeSpan atMost) => Move(atMost, toNext: true);

    /// <summary>Sets the clock, as people do while it runs: only the time of day jumps, while timestamps and timers go on as before.</summary>
    /// <param name="by">How far it is put on; below zero, back.</param>
    public void Shift(TimeSpan by)
    {
        lock (_lock)
        {
            _shift += by;
        }
    }

    private void Move(TimeSpan by, bool toNext)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        LetOthersFinish();
        TimeSpan until;
        lock (_lock)
        {
            until = _now + by;
        }

        var stops = 0;
        while (TakeNext(until) is { } timer)
        {
            var setsOff = timer.SetsOff;
            timer.Fire();
            if (setsOff && toNext)
            {
                break;
            }

            if (setsOff && ++stops < MostStops)
            {
                LetOthersFinish();
            }
        }

        LetOthersFinish();
    }

    private void LetOthersFinish()
    {
        if (LetsOthersFinish)
        {
            Stillness.Wait();
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

        /// <summary>Whether anything comes of firing it: a wheel turns all the time, mostly past slots that are empty.</summary>
        public bool SetsOff => state is not TimerWheel wheel || HasWork(wheel);

        public void Fire() => callback(state);

        private static bool HasWork(TimerWheel wheel)
        {
            var (slots, current, until) = (Slots(wheel), Current(wheel), wheel.Now / TimerWheel.TickMilliseconds);
            for (var tick = Math.Max(current, until - slots.Length) + 1; tick <= until; tick++)
            {
                if (slots[tick % slots.Length] is not null)
                {
                    return true;
                }
            }

            return false;
        }

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_slots")]
        private static extern ref Deadline?[] Slots(TimerWheel wheel);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_current")]
        private static extern ref long Current(TimerWheel wheel);
    }
}
