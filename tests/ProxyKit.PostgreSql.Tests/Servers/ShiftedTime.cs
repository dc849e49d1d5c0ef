namespace ProxyKit.PostgreSql.Tests.Servers;

/// <summary>The system's time, but on another day: tests of months begin in the middle of one, and go on to the next when they say so. Timers are the
/// system's.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private readonly long _start = System.GetTimestamp();
    private long _shift; // ticks

    public override DateTimeOffset GetUtcNow() =>
        new DateTimeOffset(2026, 11, 10, 12, 0, 0, TimeSpan.Zero) + System.GetElapsedTime(_start) + TimeSpan.FromTicks(Volatile.Read(ref _shift));

    /// <summary>Puts the clock on.</summary>
    public void Shift(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}
