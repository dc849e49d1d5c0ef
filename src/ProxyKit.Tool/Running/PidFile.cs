using System.Globalization;

namespace ProxyKit.Tool.Running;

/// <summary>The file that names the process. HAProxy: <c>-p</c>.</summary>
internal static class PidFile
{
    /// <summary>Finds out whether it can be written, and leaves it as it is: a process before this one may be named in it, and goes on if this one does not start.</summary>
    /// <exception cref="IOException">It cannot be.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    /// <exception cref="ArgumentException">It is no name of a file.</exception>
    public static void Try(string path)
    {
        var isNew = !File.Exists(path);
        File.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        if (isNew)
        {
            File.Delete(path); // who waits for it to be there finds it with the number in it
        }
    }

    /// <summary>Writes the number of this process.</summary>
    /// <inheritdoc cref="Try" path="/exception"/>
    public static Task WriteAsync(string path) =>
        File.WriteAllTextAsync(path, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
}
