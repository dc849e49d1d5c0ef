using ProxyKit.Benchmarks.Accounting;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>CPU time of the proxy for each request that wrk got answered.</summary>
internal sealed class CpuPerRequest(WrkRequest request) : IWorkload
{
    public string Unit => "CPU µs/request";

    public bool NeedsFreshProxy => false;

    public async Task PrepareAsync(RunningProxy proxy, TimeSpan warmUp, CancellationToken cancellation)
    {
        if (proxy.Setup.Shape.Protocol is ProxyProtocol.TlsWithoutResumption && await TlsResumption.IsPossibleAsync(proxy, cancellation))
            throw new InvalidOperationException($"{proxy.Proxy.Name} resumes TLS sessions, so its handshakes would not be full ones.");
        await Probe.FillAsync(proxy, proxy.Setup.Shape.Rules?.Fillers ?? [], cancellation);
        await Probe.CheckAsync(proxy, request, cancellation);
        await WrkRun.RunAsync(proxy, request, warmUp, cancellation);
    }

    public async Task<Measurement> MeasureAsync(RunningProxy proxy, TimeSpan duration, CancellationToken cancellation)
    {
        var disturbance = new Disturbance();
        var before = CpuAccounting.Spent(proxy.ProcessIds);
        var result = await WrkRun.RunAsync(proxy, request, duration, cancellation);
        var cpu = CpuAccounting.Spent(proxy.ProcessIds) - before;
        return new Measurement
        {
            Value = cpu.TotalMicroseconds / result.Requests,
            RequestsPerSecond = result.Requests / result.Seconds,
            CpuPercent = 100 * cpu.TotalSeconds / result.Seconds,
            P50Microseconds = result.P50Microseconds,
            P99Microseconds = result.P99Microseconds,
            PeakResidentMebibytes = MemoryAccounting.PeakResidentBytes(proxy.ProcessIds) / 1048576.0,
            Errors = result.Errors,
            DisturbancePercent = disturbance.Percent(),
        };
    }
}
