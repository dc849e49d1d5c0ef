using System.Runtime.InteropServices;

namespace ProxyKit.Metering.Journals;

/// <summary>Has the disk know which files a directory has: a file that was flushed is not found again behind an end of the machine where its name was not. .NET
/// has no word for it, and opens no directory.</summary>
internal static partial class DirectoryFlush
{
    private const int BadDescriptor = 9, AccessDenied = 13, InvalidArgument = 22; // EBADF, EACCES and EINVAL, everywhere

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
            // Files may be made where names may not be read.
            if (Marshal.GetLastPInvokeError() == AccessDenied)
            {
                return;
            }

            throw Failed(directory);
        }

        try
        {
            if (Synchronize(descriptor) < 0 && !HasNoSuchThing(Marshal.GetLastPInvokeError()))
            {
                throw Failed(directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Whether a file system says that it cannot do so: names are as safe there as it makes them.</summary>
    private static bool HasNoSuchThing(int error) => error is BadDescriptor or InvalidArgument || error == (OperatingSystem.IsLinux() ? 95 : 45); // ENOTSUP

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
