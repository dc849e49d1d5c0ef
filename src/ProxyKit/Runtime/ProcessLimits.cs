using System.Globalization;

namespace ProxyKit.Runtime;

/// <summary>What the operating system allows this process.</summary>
internal static class ProcessLimits
{
    /// <summary>How many client connections fit into the process's descriptors: two to a connection, after those in use already.</summary>
    /// <returns>1 or more; <see cref="int.MaxValue"/> where the system tells no limit.</returns>
    public static int MaxConnections()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(static l => l.StartsWith("Max open files", StringComparison.Ordinal));
            var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
            if (int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptors))
            {
                var inUse = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
                return Math.Max(1, (descriptors - inUse) / 2);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such place: not Linux, or not allowed to look.
        }

        return int.MaxValue;
    }
}
