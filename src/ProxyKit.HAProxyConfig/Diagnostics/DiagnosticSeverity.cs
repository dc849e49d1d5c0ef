namespace ProxyKit.HAProxyConfig.Diagnostics;

/// <summary>How much a message about a configuration matters.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Worth a look where somebody asks for it. HAProxy: <c>-dD</c>.</summary>
    Diagnostic,

    /// <summary>Good to know: the configuration means nothing else here than in HAProxy, or says so itself.</summary>
    Notice,

    /// <summary>Probably not what was meant; it is run all the same.</summary>
    Warning,

    /// <summary>An error: the configuration is not used.</summary>
    Alert,
}
