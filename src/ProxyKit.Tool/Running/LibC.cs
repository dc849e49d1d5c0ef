using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ProxyKit.Tool.Running;

/// <summary>What .NET has no word for: to signal a process.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class LibC
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int process, int signal);
}
