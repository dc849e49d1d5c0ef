namespace ProxyKit.Transport;

/// <summary>A clock that goes on from where another one was, whatever that is set to afterwards: for those who ask for the time to tell
/// how much of it has passed.</summary>
internal sealed class SteadyClock : TimeProvider
{
    private readonly TimeProvider _inner;
    private readonly DateTimeOffset _start;
    private readonly long _startMilliseconds; // the same, of Unix time
    private readonly long _startedAt;
    private readonly double _millisecondsPerTick;

    public SteadyClock(TimeProvider inner)
    {
        _inner = inner;
        _start = inner.GetUtcNow();
        _startMilliseconds = _start.ToUnixTimeMilliseconds();
        _startedAt = inner.GetTimestamp();
        _millisecondsPerTick = 1000.0 / inner.TimestampFrequency;
    }

    public override long TimestampFrequency => _inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _inner.LocalTimeZone;

    /// <summary>The time in milliseconds of Unix time, without a date on the way: for those who ask with each request.</summary>
    public long UnixMilliseconds => _startMilliseconds + (long)((_inner.GetTimestamp() - _startedAt) * _millisecondsPerTick);

    public override DateTimeOffset GetUtcNow() => _start + _inner.GetElapsedTime(_startedAt);

    public override long GetTimestamp() => _inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _inner.CreateTimer(callback, state, dueTime, period);
}
