using System.Diagnostics;

namespace ProxyKit.Conformance.Clients;

/// <summary>A program of the machine that a test needs. Where it is missing the test is skipped, but not in CI, which has to have it.</summary>
internal static class OutsideProgram
{
    /// <summary>The program's path.</summary>
    public static string Find(string name)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append("/usr/sbin")
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
        if (path is null && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"CI has to have {name}.");
        }

        Assert.SkipWhen(path is null, $"{name} is not on this machine.");
        return path;
    }

    /// <summary>Runs it to its end; what it wrote.</summary>
    public static async Task<string> RunAsync(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} does not start");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"{name} did not end in time.");
        }

        Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}: {await errors}");
        return await output;
    }
}
