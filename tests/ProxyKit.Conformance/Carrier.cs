namespace ProxyKit.Conformance;

/// <summary>What carries the bytes of a test.</summary>
public enum Carrier
{
    /// <summary>Sockets on loopback.</summary>
    Sockets,

    /// <summary>Connections in memory.</summary>
    Memory,

    /// <summary>Connections in memory whose receives hand out a few bytes at a time, so that everything is met in pieces.</summary>
    Pieces,
}
