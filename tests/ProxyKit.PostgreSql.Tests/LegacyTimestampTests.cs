using System.Diagnostics;
using System.Runtime.CompilerServices;
using ProxyKit.PostgreSql.Tests.Leasing;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.PostgreSql.Tests.Usage;

namespace ProxyKit.PostgreSql.Tests;

/// <summary>A process may have Npgsql read and write times as local ones, for all who use it: what is brought and leased is of the same hours there. Npgsql
/// looks at the switch once, so the tests that know about times are run again in a process of their own, far from UTC.</summary>
public sealed class LegacyTimestampTests
{
    private const string Variable = "PROXYKIT_LEGACY_TIMESTAMPS";

    [ModuleInitializer]
    internal static void Switch()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            AppContext.SetSwitch("Npgsql.EnableLegacyTimestampBehavior", true);
        }
    }

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Asia/Tokyo")]
    public async Task Times_are_right_where_Npgsql_reads_them_as_local_ones(string zone)
    {
        PostgresPrograms.Need();
        string[] classes = [typeof(PostgreSqlUsageStoreTests).FullName!, typeof(UsageEventsTests).FullName!, typeof(LeaseTableTests).FullName!]; // classes have names
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(LegacyTimestampTests).Assembly.Location, .. classes.SelectMany(static c => (string[])["-class", c]), "-noColor"])
        {
            RedirectStandardOutput = true,
        };
        (start.Environment[Variable], start.Environment["TZ"]) = ("1", zone);
        using var child = Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
        try
        {
            var said = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(child.ExitCode == 0, said);
            Assert.Matches(@"Total: [1-9]\d+, Errors: 0, Failed: 0, Skipped: 0,", said);
        }
        finally
        {
            child.Kill();
        }
    }
}
