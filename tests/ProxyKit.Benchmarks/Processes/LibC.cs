using System.Runtime.InteropServices;

namespace ProxyKit.Benchmarks.Processes;

/// <summary>What .NET does not offer: another process's CPU clock, waiting on sockets with less than a millisecond's grain, and descriptors that change places.</summary>
/// <remarks>Layouts are those of 64-bit Linux.</remarks>
internal static partial class LibC
{
    public const int PollIn = 1;
    public const int SetTimerSlack = 29;

    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    /// <summary>The clock of all threads a process has or had. 0, or an error number.</summary>
    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    public static partial int GetCpuClock(int pid, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int GetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreateEpoll(int flags);

    /// <summary>Precondition: <paramref name="what"/> is one whole struct epoll_event, laid out as this processor's kernel wants it.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlEpoll(int epoll, int operation, int descriptor, Span<byte> what);

    /// <summary>Precondition: <paramref name="events"/> has room for <paramref name="count"/>. Since Linux 5.11.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int WaitForEpoll(int epoll, Span<byte> events, int count, in TimeSpec timeout, nint signals);

    [LibraryImport("libc", EntryPoint = "dup")]
    public static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    public static partial int DuplicateTo(int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "prctl")]
    public static partial int Control(int option, nuint argument);
}
