namespace ProxyKit.Mailing;

/// <summary>How much is told by mail of a backend's servers; each includes the one before.</summary>
public enum EmailAlertLevel
{
    /// <summary>That a server has gone down that took requests. HAProxy: <c>alert</c>, and <c>crit</c>, <c>err</c> and <c>warning</c>, by which nothing more is
    /// told.</summary>
    Failures,

    /// <summary>That a server is up, wants no new clients, drains, or has gone down while it did. HAProxy: <c>notice</c>.</summary>
    Changes,

    /// <summary>What checks find, where it is another thing than before, as far as it is logged: see
    /// <see cref="Backends.BackendOptions.LogsHealthChecks"/>. HAProxy: <c>info</c>, <c>debug</c>.</summary>
    Checks,
}
