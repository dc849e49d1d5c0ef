using ProxyKit.Benchmarks.Accounting;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>
/// How long the slowest hundredth of requests takes when every proxy is offered the same: half of what the row's first one can do.
/// </summary>
internal sealed class LatencyAtPace : IWorkload
{
    private const double ShareOfCapacity = 0.5;
    private const int Connections = 64;
    private static readonly WrkRequest Request = new("/100");

    private double? _requestsPerSecond;

    public string Unit => "p99 µs";

    public string AlsoUnit => "sent late, p99 µs";

    public bool NeedsFreshProxy => false;

    public async Task PrepareAsync(RunningProxy proxy, TimeSpan warmUp, CancellationToken cancellation)
    {
        await Probe.CheckAsync(proxy, Request, cancellation);
        await WrkRun.RunAsync(proxy, Request, warmUp, cancellation);
        if (_requestsPerSecond is null)
        {
            var capacity = await WrkRun.RunAsync(proxy, Request, TimeSpan.FromSeconds(2), cancellation);
            _requestsPerSecond = ShareOfCapacity * capacity.Requests / capacity.Seconds;
        }
    }

    public async Task<Measurement> MeasureAsync(RunningProxy proxy, TimeSpan duration, CancellationToken cancellation)
    {
        var rate = _requestsPerSecond!.Value; // set by the first to be prepared
        var (cpuBefore, before) = (CpuAccounting.Spent(proxy.ProcessIds), TimeProvider.System.GetTimestamp());
        var disturbance = new Disturbance();
        using var load = new PacedLoad(proxy.Setup, Connections);
        await Task.Factory.StartNew(() => load.Run(rate, duration), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return new Measurement
        {
            Value = load.LatencyMicroseconds(0.99),
            AlsoValue = load.LateMicroseconds(0.99),
            RequestsPerSecond = load.Answered / duration.TotalSeconds,
            CpuPercent = 100 * ((CpuAccounting.Spent(proxy.ProcessIds) - cpuBefore) / TimeProvider.System.GetElapsedTime(before)),
            P50Microseconds = load.LatencyMicroseconds(0.50),
            P99Microseconds = load.LatencyMicroseconds(0.99),
            PeakResidentMebibytes = MemoryAccounting.PeakResidentBytes(proxy.ProcessIds) / 1048576.0,
            DisturbancePercent = disturbance.Percent(),
        };
    }
}
