using ProxyKit.Transport;

namespace ProxyKit.Tiers;

/// <summary>What time it is, in milliseconds of Unix time, for those who count: once as a clock that is never set, for windows of seconds to hours,
/// and once as the calendar has it, for quotas.</summary>
/// <param name="Steady">Began with the system's time and goes on evenly.</param>
/// <param name="Wall">The system's time, which may be set.</param>
internal readonly record struct TierTime(long Steady, long Wall);

/// <summary>Where that is read.</summary>
internal sealed class TierClock(TimeProvider time)
{
    private readonly SteadyClock _steady = new(time);

    public TimeProvider Provider => time;

    public TierTime Now => new(Steady, time.GetUtcNow().ToUnixTimeMilliseconds());

    public long Steady => _steady.UnixMilliseconds;
}
