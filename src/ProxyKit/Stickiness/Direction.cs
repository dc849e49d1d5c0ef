using ProxyKit.Backends;

namespace ProxyKit.Stickiness;

/// <summary>What ties a request or a connection to one server, whatever the balancing says.</summary>
/// <param name="Server">The server; null for none.</param>
/// <param name="Kind">What has tied it.</param>
/// <param name="IsForced">Whether nothing may untie it: not the server's being down, a full queue or a failed attempt. Where there is no server,
/// no retry leaves the one that the balancing has chosen. HAProxy: <c>force-persist</c>.</param>
internal readonly record struct Direction(Server? Server, DirectionKind Kind, bool IsForced)
{
    /// <summary>Whether it is tied.</summary>
    public bool IsDirect => Kind != DirectionKind.None;

    /// <summary>The same, with nothing tied any more.</summary>
    public Direction Untied() => new(null, DirectionKind.None, IsForced);
}

/// <summary>What ties a request to a server.</summary>
internal enum DirectionKind
{
    /// <summary>Nothing: the balancing chooses.</summary>
    None,

    /// <summary>A rule. HAProxy: <c>use-server</c>.</summary>
    Rule,

    /// <summary>A cookie of the client's.</summary>
    Cookie,

    /// <summary>The cookie of a remote desktop client.</summary>
    RdpCookie,

    /// <summary>A stick table.</summary>
    StickTable,
}
