using System.Globalization;
using System.Text.Json;
using ProxyKit.Benchmarks.Processes;
using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>One run of wrk: as many requests as the proxy will answer, from one thread on the load's core.</summary>
internal static class WrkRun
{
    private const int Connections = 64;

    // Only done() is defined: with a request() or response() of our own, wrk would call it for each request.
    private const string Script = """
        done = function(summary, latency, requests)
            local e = summary.errors
            io.write(string.format('\n{"Requests":%d,"Seconds":%f,"Errors":%d,"P50Microseconds":%f,"P99Microseconds":%f}\n',
                summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
                latency:percentile(50), latency:percentile(99)))
        end
        """;

    /// <param name="duration">Whole seconds, at least one, since wrk counts in them.</param>
    public static async Task<WrkResult> RunAsync(RunningProxy proxy, WrkRequest request, TimeSpan duration, CancellationToken cancellation)
    {
        var script = Path.Combine(proxy.Setup.Directory, "done.lua");
        await File.WriteAllTextAsync(script, Script, cancellation);
        var seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        string[] close = request.ClosesConnection ? ["-H", "Connection: close"] : [];
        var command = new LaunchCommand("wrk",
        [
            "-t", "1", "-c", Connections.ToString(CultureInfo.InvariantCulture), "-d", seconds, "-s", script,
            "-H", $"Host: {proxy.Setup.Shape.Host}", .. close, proxy.Address(request.Path).ToString(),
        ]);

        var output = await ChildProcess.RunAsync(Cores.Pin(Cores.Load, command), cancellation);
        var result = output.Split('\n').LastOrDefault(line => line.StartsWith('{'))
            ?? throw new InvalidOperationException($"wrk told no result: {output}");
        return JsonSerializer.Deserialize<WrkResult>(result)!; // a record is never written as null
    }
}
