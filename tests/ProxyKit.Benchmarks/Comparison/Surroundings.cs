using System.Globalization;
using System.Runtime.InteropServices;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>Where and with what a comparison was run.</summary>
internal sealed record Surroundings(DateTimeOffset Time, string Machine, IReadOnlyList<string> Versions)
{
    public static async Task<Surroundings> ReadAsync(IReadOnlyList<string>? proxies, CancellationToken cancellation)
    {
        var versions = new List<string>();
        foreach (var proxy in ComparisonRows.Proxies.Where(p => proxies?.Contains(p.Name, StringComparer.OrdinalIgnoreCase) is not false))
            versions.Add((await proxy.ReadVersionAsync(cancellation)).Trim());
        return new Surroundings(TimeProvider.System.GetUtcNow(), ReadMachine(), versions);
    }

    private static string ReadMachine()
    {
        var processor = ReadField("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString();
        var system = ReadField("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux";
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {processor}, {system}, kernel {kernel}");
    }

    private static string? ReadField(string file, string name, char separator) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim();
}
