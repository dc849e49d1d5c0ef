using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Accounting;

/// <summary>CPU time as the kernel accounts it to processes: user and system, all threads, also those that have ended.</summary>
internal static class CpuAccounting
{
    /// <summary>The sum over <paramref name="pids"/> since each started. Read from the processes' own clocks, in nanoseconds.</summary>
    public static TimeSpan Spent(IReadOnlyList<int> pids)
    {
        var sum = TimeSpan.Zero;
        foreach (var pid in pids)
        {
            if (LibC.GetCpuClock(pid, out var clock) != 0 || LibC.GetTime(clock, out var time) != 0)
                throw new InvalidOperationException($"Process {pid} has no CPU clock: it has ended.");
            sum += TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
        }
        return sum;
    }
}
