namespace ProxyKit.Exchanges;

/// <summary>What came of choosing a server.</summary>
internal enum PickStatus
{
    /// <summary>A server was chosen, and a slot on it taken.</summary>
    Picked,

    /// <summary>It has to wait, and whoever asked is to see to that.</summary>
    Waits,

    /// <summary>There is no server to choose.</summary>
    NoServer,

    /// <summary>The server that it has to be is full, and so is its queue.</summary>
    QueueFull,

    /// <summary>No slot came free in time.</summary>
    QueueTimedOut,

    /// <summary>The client left meanwhile, or the proxy ended it.</summary>
    GivenUp,
}
