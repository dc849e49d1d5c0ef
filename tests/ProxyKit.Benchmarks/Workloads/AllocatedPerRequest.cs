using System.Globalization;
using ProxyKit.Benchmarks.Accounting;
using ProxyKit.Benchmarks.Hosts;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>Managed memory that a warm proxy allocates for a request on connections that are open already.</summary>
/// <remarks>
/// The smallest object of .NET has 24 bytes, so less than one byte means: what was allocated came from no request,
/// but from the runtime's own housekeeping and from being asked.
/// </remarks>
internal sealed class AllocatedPerRequest : IWorkload
{
    private const int Connections = 16;
    private const int WarmUpRounds = 500;
    private const int RoundsBetweenClocks = 100;

    public string Unit => "bytes allocated/request";

    public bool NeedsFreshProxy => false;

    public async Task PrepareAsync(RunningProxy proxy, TimeSpan warmUp, CancellationToken cancellation)
    {
        var request = new WrkRequest("/100");
        await Probe.CheckAsync(proxy, request, cancellation);
        await WrkRun.RunAsync(proxy, request, warmUp, cancellation);
    }

    public async Task<Measurement> MeasureAsync(RunningProxy proxy, TimeSpan duration, CancellationToken cancellation)
    {
        var clients = Enumerable.Range(0, Connections).Select(_ => new KeepAliveClient(proxy.Setup)).ToArray();
        try
        {
            ExchangeOnAll(clients, WarmUpRounds);
            var requests = 0L;
            var before = await ReadAllocatedAsync(proxy, cancellation);
            var start = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(start) < duration)
            {
                ExchangeOnAll(clients, RoundsBetweenClocks);
                requests += Connections * RoundsBetweenClocks;
            }
            var allocated = await ReadAllocatedAsync(proxy, cancellation) - before;
            return new Measurement
            {
                Value = allocated / (double)requests,
                RequestsPerSecond = requests / TimeProvider.System.GetElapsedTime(start).TotalSeconds,
                PeakResidentMebibytes = MemoryAccounting.PeakResidentBytes(proxy.ProcessIds) / 1048576.0,
            };
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    private static void ExchangeOnAll(KeepAliveClient[] clients, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            foreach (var client in clients)
                client.Send();
            foreach (var client in clients)
            {
                while (!client.Receive())
                {
                }
            }
        }
    }

    private static async Task<long> ReadAllocatedAsync(RunningProxy proxy, CancellationToken cancellation) =>
        long.Parse(await proxy.AskAsync(HostControl.Allocated, cancellation), CultureInfo.InvariantCulture);
}
