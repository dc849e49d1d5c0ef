namespace ProxyKit.Balancing;

/// <summary>How a key becomes a server: what the algorithms that go by a hash have in common. HAProxy: <c>hash-type</c>,
/// <c>hash-balance-factor</c>, <c>hash-preserve-affinity</c>.</summary>
/// <remarks>Immutable; change one with <c>with</c>: <c>HashType.Consistent with { Function = HashFunction.Crc32 }</c>.</remarks>
public sealed record HashType
{
    /// <summary>The points on the ring that HAProxy gives a server for each unit of its weight.</summary>
    internal const int HAProxyPoints = 16;

    /// <summary>A ring of 160 points per unit of weight, on which no server gets more than 125% of its share at any time: what balancing by a key does
    /// where nothing else is said. With equal weights the shares of keys differ by some 8% (one part in the root of the points), a server that comes
    /// or goes moves its own keys alone, and a key that everybody asks for spills over to the next servers of the ring.</summary>
    public static HashType Bounded { get; } = new() { PointsPerWeight = 160, BalanceFactor = 125 };

    /// <summary>HAProxy's ring. HAProxy: <c>hash-type consistent</c>.</summary>
    public static HashType Consistent { get; } = new();

    /// <summary>A table of as many places as there is weight: perfectly even, but most keys move when a server comes or goes.
    /// HAProxy: <c>hash-type map-based</c>.</summary>
    public static HashType MapBased { get; } = new() { Placement = HashPlacement.MapBased, Avalanche = false };

    /// <summary>How hashes are divided among the servers.</summary>
    /// <value><see cref="HashPlacement.Consistent"/> by default.</value>
    public HashPlacement Placement { get; init; } = HashPlacement.Consistent;

    /// <summary>What makes a number of the key's bytes.</summary>
    /// <value><see cref="HashFunction.Sdbm"/> by default.</value>
    public HashFunction Function { get; init; } = HashFunction.Sdbm;

    /// <summary>Whether the number is mixed once more, so that keys that differ little land far apart. HAProxy: <c>avalanche</c>.</summary>
    /// <value>True by default.</value>
    public bool Avalanche { get; init; } = true;

    /// <summary>How much of its fair share of the requests in progress a server may have, in percent; the next server of the ring gets what is beyond. With
    /// <see cref="HashPlacement.Consistent"/> alone. HAProxy: <c>hash-balance-factor</c>.</summary>
    /// <value>Null by default: no bound. Above 100.</value>
    public int? BalanceFactor { get; init; }

    /// <summary>When a key leaves its server because that is busy. With <see cref="HashPlacement.Consistent"/> alone. HAProxy:
    /// <c>hash-preserve-affinity</c>.</summary>
    /// <value><see cref="HashAffinity.Always"/> by default: never, it waits.</value>
    public HashAffinity Affinity { get; init; }

    /// <summary>The points on the ring for each unit of a server's weight: the more, the more even, at 12 bytes each.</summary>
    /// <value>16 by default, as in HAProxy, whose choices are then the same; 1 to 256.</value>
    public int PointsPerWeight { get; init; } = HAProxyPoints;
}

/// <summary>How hashes are divided among servers.</summary>
public enum HashPlacement
{
    /// <summary>Each server has points on a ring, and a key goes to the nearest: when a server comes or goes, its keys move and no others.</summary>
    Consistent,

    /// <summary>A table of servers that the hash is an index of. Weights that are set while the proxy runs count as all or nothing.</summary>
    MapBased,
}

/// <summary>What makes a 32-bit number of a key.</summary>
public enum HashFunction
{
    /// <summary>That of the sdbm database library. HAProxy's default.</summary>
    Sdbm,

    /// <summary>Bernstein's.</summary>
    Djb2,

    /// <summary>Tarreau's, for keys that differ little.</summary>
    Wt6,

    /// <summary>CRC-32 of IEEE 802.3.</summary>
    Crc32,

    /// <summary>None: the key is a decimal number already.</summary>
    None,
}

/// <summary>When a key leaves its server because that is busy.</summary>
public enum HashAffinity
{
    /// <summary>Never: its requests wait for the server.</summary>
    Always,

    /// <summary>When the server has all the connections it may have.</summary>
    MaxConnections,

    /// <summary>When the server has all the connections, and its queue all the requests, that they may have. Where one of the two has no limit, never.</summary>
    MaxQueue,
}
