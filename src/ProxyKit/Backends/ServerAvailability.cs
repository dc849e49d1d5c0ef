namespace ProxyKit.Backends;

/// <summary>What work a server can take.</summary>
internal enum ServerAvailability
{
    /// <summary>All: it takes part in balancing, unless its weight is 0.</summary>
    Open,

    /// <summary>Only what is bound to it: it drains.</summary>
    BoundOnly,

    /// <summary>None: it has failed.</summary>
    Down,

    /// <summary>None: those who run it took it out.</summary>
    Maintenance,
}
