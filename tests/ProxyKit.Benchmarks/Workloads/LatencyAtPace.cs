using ProxyKit.Benchmarks.Accounting;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>
/// How long the slowest hundredth of requests takes when every proxy is offered the same: half of what the row's first one can do.
/// </summary>
/// <remarks>What it can do is what its CPU time for a request under full load leaves room for, which holds on a machine with other work.</remarks>
internal sealed class LatencyAtPace : IWorkload, IDisposable
{
    private const double ShareOfCapacity = 0.5;
    private const int Connections = 64;
    private static readonly TimeSpan CapacityTurn = TimeSpan.FromSeconds(2);

    private readonly PacedOrigin _origin = new();
    private double? _requestsPerSecond;

    public string Unit => "p99 µs in the median tenth of a second";

    public string AlsoUnit => "sent late, p99 µs";

    public bool NeedsFreshProxy => false;

    public int? OriginPort => _origin.Port;

    public async Task PrepareAsync(RunningProxy proxy, TimeSpan warmUp, CancellationToken cancellation)
    {
        (await RunAsync(proxy, double.PositiveInfinity, warmUp, cancellation)).Dispose();
        if (_requestsPerSecond is null)
        {
            var before = CpuAccounting.Spent(proxy.ProcessIds);
            using var load = await RunAsync(proxy, double.PositiveInfinity, CapacityTurn, cancellation);
            _requestsPerSecond = ShareOfCapacity * load.Sent / (CpuAccounting.Spent(proxy.ProcessIds) - before).TotalSeconds;
        }
    }

    public async Task<Measurement> MeasureAsync(RunningProxy proxy, TimeSpan duration, CancellationToken cancellation)
    {
        var rate = _requestsPerSecond!.Value; // set by the first to be prepared
        var (cpuBefore, before) = (CpuAccounting.Spent(proxy.ProcessIds), TimeProvider.System.GetTimestamp());
        var disturbance = new Disturbance();
        using var load = await RunAsync(proxy, rate, duration, cancellation);
        return new Measurement
        {
            Value = load.TypicalP99Microseconds,
            AlsoValue = load.LateMicroseconds(0.99),
            RequestsPerSecond = load.Answered / duration.TotalSeconds,
            CpuPercent = 100 * ((CpuAccounting.Spent(proxy.ProcessIds) - cpuBefore) / TimeProvider.System.GetElapsedTime(before)),
            P50Microseconds = load.LatencyMicroseconds(0.50),
            P99Microseconds = load.LatencyMicroseconds(0.99),
            PeakResidentMebibytes = MemoryAccounting.PeakResidentBytes(proxy.ProcessIds) / 1048576.0,
            DisturbancePercent = disturbance.Percent(),
        };
    }

    public void Dispose() => _origin.Dispose();

    private async Task<PacedLoad> RunAsync(RunningProxy proxy, double rate, TimeSpan duration, CancellationToken cancellation)
    {
        var load = new PacedLoad(proxy.Setup, Connections, _origin);
        try
        {
            // A thread of its own, since it changes how the thread is scheduled.
            await Task.Factory.StartNew(() => load.Run(rate, duration), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return load;
        }
        catch
        {
            load.Dispose();
            throw;
        }
    }
}
