namespace ProxyKit.Checks;

/// <summary>How a server is said to be by somebody who knows better than its checks. HAProxy: <c>set server health</c>.</summary>
public enum ForcedHealth
{
    /// <summary>It works, and is in full health.</summary>
    Up,

    /// <summary>It works, and takes no new clients.</summary>
    Stopping,

    /// <summary>It does not work.</summary>
    Down,
}
