using System.Runtime.InteropServices;
using ProxyKit.Benchmarks.Processes;
using ProxyKit.Benchmarks.Workloads;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary><c>compare</c>: runs the rows asked for and writes the report.</summary>
internal static class CompareCommand
{
    /// <returns>0 if every bar measured holds, 1 if one does not, 2 if a contender failed or an exchange went wrong.</returns>
    public static async Task<int> RunAsync(ComparisonOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = StopOn(PosixSignal.SIGINT, stop);
        using var terminated = StopOn(PosixSignal.SIGTERM, stop);
        Cores.MoveThisProcessToLoad();

        var directory = Directory.CreateTempSubdirectory("proxykit-comparison-").FullName;
        try
        {
            var rows = await RunRowsAsync(options, directory, stop.Token);
            await ReportAsync(options, rows, stop.Token);
            return rows.Any(r => r.HasErrors) ? 2 : rows.Any(r => r.BarIsHeld is false) ? 1 : 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<RowResult>> RunRowsAsync(
        ComparisonOptions options, string directory, CancellationToken cancellation)
    {
        var certificate = await Certificate.CreateAsync(directory, cancellation);
        await using var origin = await Origin.StartAsync(Path.Combine(directory, "origin"), cancellation);
        var run = new ComparisonRun(options, origin, certificate, directory);
        var results = new List<RowResult>();
        foreach (var row in ComparisonRows.All.Where(r => options.Rows?.Contains(r.Name, StringComparer.OrdinalIgnoreCase) is not false))
            results.Add(await run.RunAsync(row, cancellation));
        return results;
    }

    private static async Task ReportAsync(ComparisonOptions options, IReadOnlyList<RowResult> rows, CancellationToken cancellation)
    {
        var surroundings = await Surroundings.ReadAsync(options.Proxies, cancellation);
        var report = MarkdownReport.Write(options, surroundings, rows);
        if (Path.GetDirectoryName(options.Out) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(options.Out + ".md", report, cancellation);
        await File.WriteAllTextAsync(options.Out + ".json", JsonReport.Write(options, surroundings, rows), cancellation);
        Console.WriteLine($"\n{report}\nWritten to {options.Out}.md and {options.Out}.json");
    }

    /// <summary>Ends in order, so that no proxy is left behind.</summary>
    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
