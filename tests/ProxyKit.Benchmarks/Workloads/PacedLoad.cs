using System.Diagnostics;
using System.Runtime.InteropServices;
using ProxyKit.Benchmarks.Processes;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>Requests at a constant rate, whether or not the earlier ones have been answered, up to the number of connections.</summary>
/// <remarks>
/// Whenever all connections wait for the proxy, the latency of a request runs from when it was due, so that a proxy that
/// stands still for a moment is charged with every request that had to wait. Otherwise it runs from when it was sent; how
/// late that was is this program's own fault and told apart. One thread, blocking; nothing is allocated while it runs.
/// </remarks>
internal sealed class PacedLoad : IDisposable
{
    private const double WarmUpSeconds = 0.5;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int InterruptedError = 4;

    private readonly KeepAliveClient[] _clients;
    private readonly LibC.PollFd[] _polled;
    private readonly long[] _from; // when the request under way on each connection began to count, in nanoseconds, as all below
    private readonly long[] _lateness;
    private readonly Stack<int> _free;
    private long _allBusyUntil;
    private long _recordFrom;
    private long[] _latencies = [];
    private long[] _late = [];

    public PacedLoad(ProxySetup setup, int connections)
    {
        _clients = Enumerable.Range(0, connections).Select(_ => new KeepAliveClient(setup)).ToArray();
        _polled = Array.ConvertAll(_clients, c => new LibC.PollFd { Fd = -1 - c.FileDescriptor, Events = LibC.PollIn });
        _from = new long[connections];
        _lateness = new long[connections];
        _free = new Stack<int>(Enumerable.Range(0, connections));
    }

    /// <summary>How many requests were answered in time.</summary>
    public int Answered { get; private set; }

    public void Run(double requestsPerSecond, TimeSpan duration)
    {
        _ = LibC.Control(LibC.SetTimerSlack, 1); // of this thread: wake when asked, not up to 50 µs later
        var interval = NanosecondsPerSecond / requestsPerSecond;
        var start = Now();
        _recordFrom = start + (long)(WarmUpSeconds * NanosecondsPerSecond);
        var end = _recordFrom + (long)(duration.TotalSeconds * NanosecondsPerSecond);
        var expected = (int)(requestsPerSecond * duration.TotalSeconds) + 1;
        (_latencies, _late) = (new long[expected], new long[expected]);

        for (var sent = 0L; Now() < end;)
        {
            var due = start + (long)(sent * interval);
            for (; due <= Now() && _free.TryPop(out var index); due = start + (long)(++sent * interval))
                Send(index, due);
            if (!TryWait(_free.Count > 0 ? due - Now() : end - Now()))
                continue;
            for (var i = 0; i < _clients.Length; i++)
            {
                if (_polled[i].Fd >= 0 && _polled[i].Returned != 0 && _clients[i].Receive())
                    Record(i);
            }
        }
        Array.Sort(_latencies, 0, Answered);
        Array.Sort(_late, 0, Answered);
    }

    public double LatencyMicroseconds(double percentile) => Percentile(_latencies, percentile);

    /// <summary>How late requests were sent although a connection was free: what is not small beside the latencies spoils them.</summary>
    public double LateMicroseconds(double percentile) => Percentile(_late, percentile);

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    private static long Now() => (long)(Stopwatch.GetTimestamp() * ((double)NanosecondsPerSecond / Stopwatch.Frequency));

    private void Send(int index, long due)
    {
        var now = Now();
        _from[index] = due < _allBusyUntil ? due : now;
        _lateness[index] = due < _allBusyUntil ? 0 : now - due;
        _clients[index].Send();
        _polled[index].Fd = -1 - _polled[index].Fd; // poll skips the negative ones, which are those that wait for nothing
    }

    private void Record(int index)
    {
        var now = Now();
        _polled[index].Fd = -1 - _polled[index].Fd;
        if (_free.Count == 0)
            _allBusyUntil = now;
        _free.Push(index);
        if (_from[index] < _recordFrom || Answered == _latencies.Length)
            return;
        _latencies[Answered] = now - _from[index];
        _late[Answered++] = _lateness[index];
    }

    private double Percentile(long[] sorted, double share) =>
        Answered == 0 ? double.NaN : sorted[(int)(share * (Answered - 1))] / 1000.0;

    /// <returns>Whether what poll wrote can be read; not so if a signal cut the wait short.</returns>
    private bool TryWait(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        var timeout = new LibC.TimeSpec(nanoseconds / NanosecondsPerSecond, nanoseconds % NanosecondsPerSecond);
        if (LibC.Poll(_polled, (nuint)_polled.Length, timeout, 0) >= 0)
            return true;
        return Marshal.GetLastPInvokeError() is var error and not InterruptedError
            ? throw new InvalidOperationException($"ppoll failed with error {error}.")
            : false;
    }
}
