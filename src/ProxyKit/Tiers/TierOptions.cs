namespace ProxyKit.Tiers;

/// <summary>What the clients of a tier may have.</summary>
public sealed class TierOptions
{
    /// <summary>The name, as tokens, maps and sources have it: one word, without quotes, commas and brackets. Case counts.</summary>
    public required string Name { get; init; }

    /// <summary>How much; without any limit, as much as they want. At most 8.</summary>
    public IList<TierLimitOptions> Limits { get; } = [];

    /// <summary>Where their requests stand in a queue: lower runs first. What rules have said goes before it. HAProxy: <c>set-priority-class</c>.</summary>
    /// <value>-2047 to 2047; null, the default, leaves it as it is.</value>
    public int? QueuePriority { get; set; }

    /// <summary>How long their requests wait in a queue.</summary>
    /// <value>Null, the default, for as long as the backend says.</value>
    public TimeSpan? QueueTimeout { get; set; }

    /// <summary>How long a server may take over their requests. HAProxy: <c>timeout server</c>.</summary>
    /// <value>Null, the default, for as long as the backend says.</value>
    public TimeSpan? ServerTimeout { get; set; }

    /// <summary>The names of servers that their requests go to as long as one of these can be used and has room, of several to the one with the fewest
    /// requests for its weight, and at a retry to one that the request has not failed at. Where none has, the backend's strategy decides, and requests wait for any server. Those that
    /// belong to a server, by a cookie or a table, go there; others may use these servers too.</summary>
    /// <value>Empty by default: all servers are alike.</value>
    public IList<string> PreferredServers { get; } = [];
}
