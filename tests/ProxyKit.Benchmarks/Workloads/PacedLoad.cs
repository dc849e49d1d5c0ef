using System.Diagnostics;
using ProxyKit.Benchmarks.Processes;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>Requests at a constant rate, whether or not the earlier ones have been answered, up to the number of connections.</summary>
/// <remarks>
/// Whenever all connections wait for the proxy, the latency of a request runs from when it was due, so that a proxy that
/// stands still for a moment is charged with every request that had to wait. Otherwise it runs from when it was sent; how
/// late that was is this program's own fault and told apart. One thread, which also is the origin; nothing is allocated while it runs.
/// </remarks>
internal sealed class PacedLoad : IDisposable
{
    private const double WarmUpSeconds = 0.5;
    private const double MostPerSecond = 200_000;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long SliceNanoseconds = NanosecondsPerSecond / 10;

    private readonly PacedOrigin _origin;
    private readonly KeepAliveClient[] _clients;
    private readonly long[] _from; // when the request under way on each connection began to count, in nanoseconds, as all below
    private readonly long[] _lateness;
    private readonly Stack<int> _free;
    private readonly List<int> _sliceEnds = []; // how many had been recorded when each slice of time was over
    private long _sliceEnd;
    private long _allBusyUntil;
    private long _recordFrom;
    private long[] _latencies = [];
    private long[] _late = [];

    public PacedLoad(ProxySetup setup, int connections, PacedOrigin origin)
    {
        _origin = origin;
        _clients = Enumerable.Range(0, connections).Select(_ => new KeepAliveClient(setup)).ToArray();
        for (var i = 0; i < connections; i++)
            origin.Events.Watch(_clients[i].FileDescriptor, i);
        _from = new long[connections];
        _lateness = new long[connections];
        _free = new Stack<int>(Enumerable.Range(0, connections));
    }

    /// <summary>All requests, those not recorded too.</summary>
    public long Sent { get; private set; }

    /// <summary>The p99 of each tenth of a second, and of those the median: what stalls of the machine, a few every second, leave alone.</summary>
    public double TypicalP99Microseconds { get; private set; }

    /// <summary>How many requests were answered in time.</summary>
    public int Answered { get; private set; }

    /// <param name="requestsPerSecond">Or infinity, for as many as the connections carry.</param>
    /// <param name="duration">After half a second that is not recorded.</param>
    public void Run(double requestsPerSecond, TimeSpan duration)
    {
        _ = LibC.Control(LibC.SetTimerSlack, 1); // of this thread: wake when asked, not up to 50 µs later
        var interval = NanosecondsPerSecond / requestsPerSecond;
        var start = Now();
        _recordFrom = start + (long)(WarmUpSeconds * NanosecondsPerSecond);
        _sliceEnd = _recordFrom + SliceNanoseconds;
        var end = _recordFrom + (long)(duration.TotalSeconds * NanosecondsPerSecond);
        var expected = (int)(Math.Min(requestsPerSecond, MostPerSecond) * duration.TotalSeconds) + 1;
        (_latencies, _late) = (new long[expected], new long[expected]);

        var sent = 0L;
        while (Now() < end)
        {
            var due = start + (long)(sent * interval);
            for (; due <= Now() && _free.TryPop(out var index); due = start + (long)(++sent * interval))
                Send(index, due);
            var events = _origin.Events.Wait(_free.Count > 0 ? due - Now() : end - Now());
            for (var i = 0; i < events; i++)
            {
                var key = _origin.Events.KeyOf(i);
                if (key >= PacedOrigin.FirstKey)
                    _origin.Serve(key);
                else if (_clients[key].Receive())
                    Record((int)key);
            }
        }
        Sent = sent;
        TypicalP99Microseconds = MedianOfSlices(0.99);
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
    }

    private void Record(int index)
    {
        var now = Now();
        if (_free.Count == 0)
            _allBusyUntil = now;
        _free.Push(index);
        if (_from[index] < _recordFrom || Answered == _latencies.Length)
            return;
        for (; now >= _sliceEnd; _sliceEnd += SliceNanoseconds)
            _sliceEnds.Add(Answered);
        _latencies[Answered] = now - _from[index];
        _late[Answered++] = _lateness[index];
    }

    /// <summary>To be asked before all latencies are sorted.</summary>
    private double MedianOfSlices(double share)
    {
        var figures = new List<long>();
        var start = 0;
        foreach (var sliceEnd in _sliceEnds)
        {
            var slice = _latencies.AsSpan(start, sliceEnd - start);
            slice.Sort();
            if (slice.Length > 0) // nothing was answered in it: its requests count where they were
                figures.Add(slice[(int)(share * (slice.Length - 1))]);
            start = sliceEnd;
        }
        figures.Sort();
        return figures.Count == 0 ? double.NaN : figures[figures.Count / 2] / 1000.0;
    }

    private double Percentile(long[] sorted, double share) =>
        Answered == 0 ? double.NaN : sorted[(int)(share * (Answered - 1))] / 1000.0;
}
