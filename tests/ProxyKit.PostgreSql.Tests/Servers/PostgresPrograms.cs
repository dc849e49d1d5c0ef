using System.Diagnostics;

namespace ProxyKit.PostgreSql.Tests.Servers;

/// <summary>PostgreSQL's programs on this machine. Where they are missing the test is skipped, but not in CI, which has to have them.</summary>
internal static class PostgresPrograms
{
    private static readonly string? Directory = Find();

    /// <summary>Whether there are any.</summary>
    public static bool AreThere => Directory is not null;

    /// <summary>Skips the test that asks where they are missing.</summary>
    public static void Need()
    {
        if (!AreThere && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail("CI has to have PostgreSQL.");
        }

        Assert.SkipWhen(!AreThere, "PostgreSQL is not on this machine.");
    }

    /// <summary>Runs a program as one who may run a server: root may not, so it becomes the user that the package has made.</summary>
    public static async Task<string> RunAsync(string directory, string program, params string[] arguments)
    {
        var path = program.Contains('/', StringComparison.Ordinal) ? program : Path.Combine(Directory!, program); // asked for by Need
        var start = Environment.UserName == "root" && program != "/bin/chown"
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = directory;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output}{await errors}");
    }

    private static string? Find()
    {
        const string Debian = "/usr/lib/postgresql";
        return (System.IO.Directory.Exists(Debian) ? System.IO.Directory.GetDirectories(Debian).OrderDescending(StringComparer.Ordinal) : Enumerable.Empty<string>())
            .Select(static d => Path.Combine(d, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(static d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }
}
