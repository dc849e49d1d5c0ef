using System.Globalization;
using System.Text;
using ProxyKit.Benchmarks.Processes;
using ProxyKit.Benchmarks.Proxies;
using ProxyKit.Benchmarks.Workloads;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>Runs rows: in each, all contenders are started and warmed up, then take turns, round by round.</summary>
/// <remarks>Taking turns is what makes the figures comparable: whatever slows the machine for a while slows everybody.</remarks>
internal sealed class ComparisonRun(ComparisonOptions options, Origin origin, string certificateFile, string directory)
{
    private static readonly TimeSpan NativeWarmUp = TimeSpan.FromSeconds(1);

    private int _started;

    public async Task<RowResult> RunAsync(ComparisonRow row, CancellationToken cancellation)
    {
        var workload = row.Workload();
        var contenders = row.Contenders.Where(Takes).Select(c => new Turns(c)).ToArray();
        try
        {
            if (!workload.NeedsFreshProxy)
            {
                foreach (var turns in contenders)
                    await TryAsync(row, turns, () => StartAsync(workload, turns, cancellation));
            }
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var turns in contenders.Where(t => t.Failure is null))
                    await TryAsync(row, turns, () => TakeTurnAsync(row, workload, turns, cancellation));
            }
        }
        finally
        {
            foreach (var turns in contenders)
                await turns.StopAsync();
            (workload as IDisposable)?.Dispose();
        }
        return new RowResult(row, workload, [.. contenders.Select(turns => turns.Result)]);
    }

    private bool Takes(Contender contender) =>
        options.Proxies is null || options.Proxies.Contains(contender.Proxy.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A contender that fails is out of its row; the report tells why, and the others go on.</summary>
    private static async Task TryAsync(ComparisonRow row, Turns turns, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            turns.Failure = e.Message.Trim().Split('\n')[0];
            Console.WriteLine($"{row.Name,-15} {turns.Contender.Name,-24} failed: {turns.Failure}");
            await turns.StopAsync();
        }
    }

    private async Task StartAsync(IWorkload workload, Turns turns, CancellationToken cancellation)
    {
        var own = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"proxy-{++_started}"));
        var setup = new ProxySetup(turns.Contender.Shape, FreePort.Next(), workload.OriginPort ?? origin.Port, certificateFile, own);
        turns.Running = await RunningProxy.StartAsync(turns.Contender.Proxy, setup, cancellation);
        await workload.PrepareAsync(turns.Running, turns.Contender.Proxy.IsManaged ? options.WarmUp : NativeWarmUp, cancellation);
    }

    private async Task TakeTurnAsync(ComparisonRow row, IWorkload workload, Turns turns, CancellationToken cancellation)
    {
        if (workload.NeedsFreshProxy)
            await StartAsync(workload, turns, cancellation);
        var running = turns.Running!; // or it would have failed before
        var measured = await workload.MeasureAsync(running, options.Turn, cancellation);
        if (workload.NeedsFreshProxy)
            await turns.StopAsync();

        turns.Measured.Add(measured);
        Console.WriteLine($"{row.Name,-15} {turns.Contender.Name,-24} {turns.Measured.Count,2}: {Describe(measured, workload)}");
    }

    private static string Describe(Measurement measured, IWorkload workload)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{measured.Value,9:F2} {workload.Unit}");
        if (measured.AlsoValue is { } also)
            text.Append(CultureInfo.InvariantCulture, $", {workload.AlsoUnit} {also:F2}");
        if (measured.RequestsPerSecond is { } rate)
            text.Append(CultureInfo.InvariantCulture, $", {rate:F0}/s, errors {measured.Errors:F0}");
        if (measured.P99Microseconds is { } p99)
            text.Append(CultureInfo.InvariantCulture, $", p99 {p99:F0} µs");
        if (measured.CpuPercent is { } cpu)
            text.Append(CultureInfo.InvariantCulture, $", core {cpu:F0}%, other work {measured.DisturbancePercent:F0}%");
        return text.ToString();
    }
}
