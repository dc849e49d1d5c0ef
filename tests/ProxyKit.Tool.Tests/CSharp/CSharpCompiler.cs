using System.Diagnostics;

namespace ProxyKit.Tool.Tests.CSharp;

/// <summary>The compiler of the SDK that these tests run with.</summary>
internal static class CSharpCompiler
{
    /// <summary>Compiles files to a library against what this process is made of. Warnings are errors.</summary>
    /// <param name="assembly">The file to make.</param>
    /// <param name="sources">The files to compile.</param>
    /// <returns>What the compiler has to say; empty where all is well.</returns>
    public static async Task<string> CompileAsync(string assembly, IEnumerable<string> sources)
    {
        // Everything that is on the way to this process: the framework, ProxyKit, and what it depends on.
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator); // the host always sets it
        var response = assembly + ".rsp";
        await File.WriteAllLinesAsync(response,
        [
            "-nologo", "-target:library", "-nullable:enable", "-warnaserror", "-nostdlib", $"-out:\"{assembly}\"",
            .. references.Where(static r => r.EndsWith(".dll", StringComparison.Ordinal)).Select(static r => $"-r:\"{r}\""),
            .. sources.Select(static s => $"\"{s}\""),
        ]);
        var start = new ProcessStartInfo(Path.Combine(Root, "dotnet"), ["exec", Find(), "-noconfig", $"@{response}"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!; // not null without UseShellExecute
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? "" : $"csc ended with {process.ExitCode}:\n{output}";
    }

    /// <summary>Where the runtime is installed: three folders above the framework's assemblies.</summary>
    private static string Root { get; } = Path.GetFullPath("../../..", Path.GetDirectoryName(typeof(object).Assembly.Location)!); // it has a file

    private static string Find()
    {
        var version = $"{Environment.Version.Major}.";
        return Directory.GetDirectories(Path.Combine(Root, "sdk"), version + "*").Order(StringComparer.Ordinal)
            .Select(static sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll")).Last(File.Exists);
    }
}
