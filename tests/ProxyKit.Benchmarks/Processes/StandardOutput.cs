using Microsoft.Win32.SafeHandles;

namespace ProxyKit.Benchmarks.Processes;

/// <summary>This process's own standard output.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>Leads standard output to /dev/null. To be called before the console is first written to.</summary>
    /// <returns>Where it led before.</returns>
    public static FileStream MoveAway()
    {
        var before = new SafeFileHandle(LibC.Duplicate(Descriptor), ownsHandle: true);
        using var nowhere = File.OpenHandle("/dev/null", access: FileAccess.Write);
        if (before.IsInvalid || LibC.DuplicateTo((int)nowhere.DangerousGetHandle(), Descriptor) < 0)
            throw new InvalidOperationException("Standard output cannot be led elsewhere.");
        return new FileStream(before, FileAccess.Write);
    }
}
