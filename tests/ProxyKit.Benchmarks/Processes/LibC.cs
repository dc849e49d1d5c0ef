using System.Runtime.InteropServices;

namespace ProxyKit.Benchmarks.Processes;

/// <summary>What .NET does not offer: another process's CPU clock, and waiting on sockets with less than a millisecond's grain.</summary>
/// <remarks>Layouts are those of 64-bit Linux.</remarks>
internal static partial class LibC
{
    public const short PollIn = 1;
    public const int SetTimerSlack = 29;
    public const int FirstInFirstOut = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    /// <summary>The clock of all threads a process has or had. 0, or an error number.</summary>
    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    public static partial int GetCpuClock(int pid, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int GetTime(int clock, out TimeSpec time);

    /// <summary>Precondition: every file descriptor in <paramref name="fds"/> is open, or negative to be skipped.</summary>
    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(Span<PollFd> fds, nuint count, in TimeSpec timeout, nint signals);

    [LibraryImport("libc", EntryPoint = "prctl")]
    public static partial int Control(int option, nuint argument);

    /// <summary>0 for <paramref name="thread"/> is the one that calls. Not 0 if this user may not.</summary>
    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    public static partial int SetScheduler(int thread, int policy, in int priority);
}
