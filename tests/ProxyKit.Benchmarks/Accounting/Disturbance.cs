using System.Globalization;
using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Accounting;

/// <summary>What the machine did besides the comparison: above a few percent, rates and latencies tell of that too.</summary>
internal sealed class Disturbance
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly TimeSpan _busy = Cores.Busy();
    private readonly TimeSpan _own = Own();

    /// <summary>CPU time that others have spent since this was made, as a share of one core.</summary>
    public double Percent() =>
        Math.Max(0, 100 * ((Cores.Busy() - _busy - (Own() - _own)) / TimeProvider.System.GetElapsedTime(_start)));

    /// <summary>This process, whatever it has started, and what of that has ended.</summary>
    private static TimeSpan Own()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ended = long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
        return CpuAccounting.Spent(ProcessTree.Of(Environment.ProcessId)) + TimeSpan.FromSeconds(ended / (double)Cores.TicksPerSecond);
    }
}
