using System.Globalization;

namespace ProxyKit.Benchmarks.Accounting;

/// <summary>Memory as the kernel accounts it to processes. Socket buffers inside the kernel are in neither figure.</summary>
internal static class MemoryAccounting
{
    /// <summary>The most that was resident at any time, the sum over <paramref name="pids"/>: files mapped count too.</summary>
    public static long PeakResidentBytes(IReadOnlyList<int> pids) => pids.Sum(pid => Read(pid, "status", "VmHWM:"));

    /// <summary>What is resident now and is no file: heap, stacks, pools. Pages shared by workers count once.</summary>
    public static long AnonymousBytes(IReadOnlyList<int> pids) => pids.Sum(pid => Read(pid, "smaps_rollup", "Pss_Anon:"));

    private static long Read(int pid, string file, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/{file}").First(l => l.StartsWith(field, StringComparison.Ordinal));
        var kibibytes = line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024;
    }
}
