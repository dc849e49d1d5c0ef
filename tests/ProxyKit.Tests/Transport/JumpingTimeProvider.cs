namespace ProxyKit.Tests.Transport;

/// <summary>A clock that jumps without its timers seeing the time between, as when a machine was suspended.</summary>
internal sealed class JumpingTimeProvider : TimeProvider
{
    private TimerCallback? _callback;
    private object? _state;
    private long _now;

    public JumpingTimeProvider(out Action<TimeSpan> jump, out Action tick)
    {
        jump = by => _now += by.Ticks;
        tick = () => _callback?.Invoke(_state);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _callback = callback;
        _state = state;
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // There is nothing.
        }

        public ValueTask DisposeAsync() => default;
    }
}
