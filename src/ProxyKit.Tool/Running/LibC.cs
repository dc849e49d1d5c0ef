using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ProxyKit.Tool.Running;

/// <summary>What .NET has no word for: to signal a process, and to have a descriptor twice.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class LibC
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Duplicate(int descriptor);
}
