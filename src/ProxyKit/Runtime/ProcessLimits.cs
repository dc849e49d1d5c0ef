using System.Globalization;

namespace ProxyKit.Runtime;

/// <summary>What the operating system allows this process.</summary>
internal static class ProcessLimits
{
    /// <summary>How many client connections fit into the process's descriptors.</summary>
    /// <returns>1 or more; <see cref="int.MaxValue"/> where the system tells no limit.</returns>
    public static int MaxConnections()
    {
        try
        {
            return MaxConnections(File.ReadLines("/proc/self/limits"), Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue; // no such place: not Linux, or not allowed to look
        }
    }

    /// <summary>The same from the lines of <c>/proc/self/limits</c>: two descriptors to a connection, after those in use already.</summary>
    public static int MaxConnections(IEnumerable<string> limits, int inUse)
    {
        var line = limits.FirstOrDefault(static l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptors)
            ? Math.Max(1, (descriptors - inUse) / 2)
            : int.MaxValue;
    }
}
