using System.Diagnostics;
using System.Globalization;

namespace ProxyKit.Benchmarks.Processes;

/// <summary>Who runs where: the proxy has a core to itself; load generator, origin and this program share the other.</summary>
internal static class Cores
{
    public const int Proxy = 0;
    public const int Load = 1;

    /// <summary>In what /proc shows; the same on every Linux that .NET runs on.</summary>
    public const int TicksPerSecond = 100;

    /// <summary>Moves every thread of this process to the load's core; threads started later inherit it.</summary>
    public static void MoveThisProcessToLoad()
    {
        var core = Load.ToString(CultureInfo.InvariantCulture);
        var pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("taskset", ["-a", "-c", "-p", core, pid]) { RedirectStandardOutput = true };
        using var taskset = Process.Start(start)!; // null only for what the shell opens
        taskset.StandardOutput.ReadToEnd();
        taskset.WaitForExit();
        if (taskset.ExitCode != 0)
            throw new InvalidOperationException($"Cannot move to core {core}: the comparison needs two cores and taskset.");
    }

    /// <summary>The command that runs <paramref name="command"/> on one core. Its process id is the command's own.</summary>
    public static LaunchCommand Pin(int core, LaunchCommand command) => command with
    {
        FileName = "taskset",
        Arguments = ["-c", core.ToString(CultureInfo.InvariantCulture), command.FileName, .. command.Arguments],
    };

    /// <summary>How long the cores have been doing anything at all since the machine started, together.</summary>
    public static TimeSpan Busy()
    {
        // "cpu  user nice system idle iowait irq softirq steal …"
        var line = File.ReadLines("/proc/stat").First();
        var fields = line[5..].Split(' ').Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return TimeSpan.FromSeconds((fields.Take(8).Sum() - fields[3] - fields[4]) / (double)TicksPerSecond);
    }
}
