using System.Runtime.InteropServices;

namespace ProxyKit.Benchmarks.Processes;

/// <summary>The kernel's epoll: which of many descriptors have something to read, at a cost that does not grow with their number.</summary>
internal sealed class EventQueue : IDisposable
{
    private const int AtOnce = 256;
    private const int InterruptedError = 4;
    private const int Add = 1;

    // struct epoll_event is packed on x64 alone.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + 8;

    private readonly int _descriptor;
    private readonly byte[] _events = new byte[AtOnce * EventSize];

    public EventQueue()
    {
        _descriptor = LibC.CreateEpoll(0);
        if (_descriptor < 0)
            throw new InvalidOperationException($"epoll_create1 failed with error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>From now on tells <paramref name="key"/> while something can be read; until the descriptor is closed.</summary>
    public void Watch(int descriptor, long key)
    {
        Span<byte> added = stackalloc byte[EventSize];
        added.Clear();
        MemoryMarshal.Write(added, LibC.PollIn);
        MemoryMarshal.Write(added[DataOffset..], key);
        if (LibC.ControlEpoll(_descriptor, Add, descriptor, added) != 0)
            throw new InvalidOperationException($"epoll_ctl failed with error {Marshal.GetLastPInvokeError()}.");
    }

    /// <returns>How many keys there are to ask for; 0 also if a signal cut the wait short.</returns>
    public int Wait(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        var timeout = new LibC.TimeSpec(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        var count = LibC.WaitForEpoll(_descriptor, _events, AtOnce, timeout, 0);
        if (count >= 0)
            return count;
        return Marshal.GetLastPInvokeError() is var error and not InterruptedError
            ? throw new InvalidOperationException($"epoll_pwait2 failed with error {error}.")
            : 0;
    }

    public long KeyOf(int index) => MemoryMarshal.Read<long>(_events.AsSpan(index * EventSize + DataOffset));

    public void Dispose() => _ = LibC.Close(_descriptor);
}
