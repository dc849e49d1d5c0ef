using System.Runtime.InteropServices;

namespace ProxyKit.Metering.Journals;

/// <summary>Has the disk know which files a directory has: a file that was flushed is not found again behind an end of the machine where its name was not. .NET
/// has no word for it, and opens no directory.</summary>
internal static partial class DirectoryFlush
{
    /// <summary>Flushes a directory. On Windows names are safe with their files.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public static void ToDisk(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(directory, flags: 0); // to read: O_RDONLY is 0 everywhere
        if (descriptor < 0)
        {
            throw Failed(directory);
        }

        try
        {
            // A file system that cannot do so says EBADF or EINVAL: names are as safe there as it makes them.
            if (Synchronize(descriptor) < 0 && Marshal.GetLastPInvokeError() is not (9 or 22))
            {
                throw Failed(directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string directory) => new($"The directory '{directory}' cannot be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
