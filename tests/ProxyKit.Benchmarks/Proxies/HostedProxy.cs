using System.Globalization;
using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Proxies;

/// <summary>How a proxy that is a .NET library gets a process of its own: this program again, with a setup as arguments.</summary>
internal static class HostedProxy
{
    /// <summary>
    /// On a single core .NET waits ten times as long as on several before it compiles hot code again, better. What it compiles
    /// in the end is the same, but it comes after 40 seconds of load instead of ten; and one core is our doing, not an application's.
    /// </summary>
    private static readonly Dictionary<string, string> AsOnSeveralCores = new() { ["DOTNET_TC_DelaySingleProcMultiplier"] = "1" };

    public static LaunchCommand Command(string verb, ProxySetup setup)
    {
        string[] arguments =
        [
            verb, setup.Shape.Protocol.ToString(), Number(setup.Shape.HostRoutes), Number(setup.Shape.Backends), setup.Shape.HasBreaker.ToString(), setup.Shape.Rules?.ToString() ?? "",
            Number(setup.Port), Number(setup.OriginPort), setup.CertificateFile, setup.Directory,
        ];
        var self = Environment.ProcessPath!; // known: this is a managed program on Linux
        var command = Path.GetFileNameWithoutExtension(self) is "dotnet"
            ? new LaunchCommand(self, [typeof(HostedProxy).Assembly.Location, .. arguments])
            : new LaunchCommand(self, arguments);
        return command with { Environment = AsOnSeveralCores };
    }

    /// <summary>The setup in what <see cref="Command"/> passed, the verb left out.</summary>
    public static ProxySetup Parse(ReadOnlySpan<string> arguments) => new(
        new ProxyShape(Enum.Parse<ProxyProtocol>(arguments[0]), Number(arguments[1]), Number(arguments[2]), bool.Parse(arguments[3]), RuleWork.Parse(arguments[4])),
        Number(arguments[5]),
        Number(arguments[6]),
        arguments[7],
        arguments[8]);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
