using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ProxyKit.Tool.CommandLines;

/// <summary>Which ProxyKit this is.</summary>
internal static class ToolVersion
{
    /// <summary>The version, without what says where it was built from.</summary>
    public static string Number { get; } = typeof(ToolVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static string Text =>
        $"""
        ProxyKit version {Number}, which reads the configuration of HAProxy 3.5
        Running on: {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}

        """;

    public static string BuildText =>
        $"""
        {Text}Runtime: {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors
        TLS: {TlsLibrary}
        Features: mode http (HTTP/1.1), mode tcp, TLS, stick tables, rules

        """;

    private static string TlsLibrary
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return "of the system";
            }

            try
            {
                var number = SafeEvpPKeyHandle.OpenSslVersion; // MNNFFPPS
                return $"OpenSSL {number >> 28}.{number >> 20 & 0xFF}.{number >> 4 & 0xFF}";
            }
            catch (TypeInitializationException)
            {
                return "none is installed";
            }
        }
    }
}
