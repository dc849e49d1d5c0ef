using ProxyKit.Benchmarks.Accounting;
using ProxyKit.Benchmarks.Hosts;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>What a proxy's memory grows by for each client connection that has made one request and stays open.</summary>
/// <remarks>
/// Anonymous memory of the processes before and after, so neither mapped files nor the kernel's socket buffers.
/// For a managed proxy there are two figures: the first as the process stands, garbage and free heap included;
/// the other (<see cref="Measurement.AlsoValue"/>) between two full collections, so of what is in use.
/// </remarks>
internal sealed class MemoryPerIdleConnection(int connections) : IWorkload
{
    // Memory does not ask for code at its best, so this is not as long as the rest of the comparison warms up.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public string Unit => "KiB/idle connection";

    public string AlsoUnit => "between collections";

    public bool NeedsFreshProxy => true;

    public async Task PrepareAsync(RunningProxy proxy, TimeSpan warmUp, CancellationToken cancellation)
    {
        var request = new WrkRequest("/100");
        await Probe.CheckAsync(proxy, request, cancellation);
        await WrkRun.RunAsync(proxy, request, WarmUp < warmUp ? WarmUp : warmUp, cancellation);
    }

    public async Task<Measurement> MeasureAsync(RunningProxy proxy, TimeSpan duration, CancellationToken cancellation)
    {
        var inUseBefore = await ReadInUseAsync(proxy, cancellation);
        // The collection gave free heap back; a little load takes it again, as it stood.
        await WrkRun.RunAsync(proxy, new WrkRequest("/100"), TimeSpan.FromSeconds(1), cancellation);
        await Task.Delay(Settling, cancellation);
        var before = MemoryAccounting.AnonymousBytes(proxy.ProcessIds);

        var clients = new List<KeepAliveClient>(connections);
        try
        {
            for (var i = 0; i < connections; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                clients.Add(new KeepAliveClient(proxy.Setup));
                clients[^1].Exchange();
            }
            await Task.Delay(Settling, cancellation);
            var after = MemoryAccounting.AnonymousBytes(proxy.ProcessIds);
            var inUseAfter = await ReadInUseAsync(proxy, cancellation);

            clients[0].Exchange(); // the oldest is still open
            return new Measurement
            {
                Value = (after - before) / 1024.0 / connections,
                AlsoValue = (inUseAfter - inUseBefore) / 1024.0 / connections,
                PeakResidentMebibytes = MemoryAccounting.PeakResidentBytes(proxy.ProcessIds) / 1048576.0,
            };
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    private static async Task<double?> ReadInUseAsync(RunningProxy proxy, CancellationToken cancellation)
    {
        if (!proxy.Proxy.IsManaged)
            return null;
        await proxy.AskAsync(HostControl.Collect, cancellation);
        return MemoryAccounting.AnonymousBytes(proxy.ProcessIds);
    }
}
