namespace ProxyKit.Checks;

/// <summary>What checks say about a server, whatever those who run it decide.</summary>
internal enum OperationalState
{
    /// <summary>It works.</summary>
    Running,

    /// <summary>It works, and asks for no new clients. Shown as <c>NOLB</c>.</summary>
    Stopping,

    /// <summary>It does not work.</summary>
    Stopped,
}
