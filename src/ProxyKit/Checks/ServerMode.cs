namespace ProxyKit.Checks;

/// <summary>What those who run a server decide about it. HAProxy: <c>set server state</c>.</summary>
public enum ServerMode
{
    /// <summary>It takes what its health allows.</summary>
    Ready,

    /// <summary>It takes no new clients, only those that are bound to it; checks go on.</summary>
    Drain,

    /// <summary>It takes nothing, and is not checked.</summary>
    Maintenance,
}
