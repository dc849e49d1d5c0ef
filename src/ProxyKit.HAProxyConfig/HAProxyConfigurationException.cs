using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit;

/// <summary>haproxy.cfg files cannot be used. Nothing was started or changed by them.</summary>
public sealed class HAProxyConfigurationException : Exception
{
    internal HAProxyConfigurationException(IReadOnlyList<Diagnostic> diagnostics)
        : base($"The configuration cannot be used:\n{string.Join('\n', Faults(diagnostics).Select(Line))}") => Diagnostics = diagnostics;

    /// <summary>All that there is to say about the files, each with its place.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Alerts, and warnings where these were the reason.</summary>
    private static IEnumerable<Diagnostic> Faults(IReadOnlyList<Diagnostic> diagnostics)
    {
        var alerts = diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Alert).ToArray();
        return alerts.Length > 0 ? alerts : diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Warning);
    }

    private static string Line(Diagnostic diagnostic) => $"- {diagnostic}";
}
