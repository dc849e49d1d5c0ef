using ProxyKit.Backends;
using ProxyKit.Rules;

namespace ProxyKit.Exchanges;

/// <summary>What connections to a server begin with: whose they are, and which name the server is asked for.</summary>
/// <param name="Header">The header of the PROXY protocol; null for none.</param>
/// <param name="Name">The name by each request; null where it is always the same.</param>
/// <param name="Pool">What parts the connections into pools; null for the name.</param>
internal sealed record ServerGreeting(SentProxyHeader? Header, RequestedName? Name, PoolName? Pool) : IGreeting
{
    /// <summary>The most that the name of a pool takes: a byte that says what gave it, and that.</summary>
    public const int LongestPool = 1 + PoolName.Longest;

    private const byte ByPool = (byte)'p', ByName = (byte)'n'; // a tenant that calls itself as a host is called has no share in that one's connections

    /// <summary>Whether the connections are in pools of which each has a name.</summary>
    public bool HasPools => Name is not null || Pool is not null;

    /// <summary>Writes the name of the pool that a request's connection is of: where what parts them gives none, by the name that the server is asked
    /// for, since such connections are as good as that one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Where to; <see cref="LongestPool"/> bytes.</param>
    /// <returns>Its length; 0 for the pool without a name.</returns>
    public int WritePool(RuleContext context, Span<byte> name)
    {
        name[0] = ByPool;
        var length = Pool?.Write(context, name[1..]) ?? 0;
        if (length == 0)
        {
            name[0] = ByName;
            length = Name?.Write(context, name[1..]) ?? 0;
        }

        return length == 0 ? 0 : length + 1;
    }

    /// <summary>The name that the server of a new connection is asked for; null for the configured one.</summary>
    /// <param name="context">The request or the connection.</param>
    /// <param name="pool">The name of the connection's pool, by which it is known where the name is what gave that; null where it is of none.</param>
    public byte[]? MakeName(RuleContext context, ReadOnlyMemory<byte>? pool) => pool switch
    {
        null => Name?.Make(context),
        { Span: [ByPool, ..] } => Name?.Make(context),
        { Span: [_, .. var name] } => name.ToArray(),
        _ => null,
    };

    /// <summary>That of a server; null where connections to it begin with nothing of a client's.</summary>
    public static ServerGreeting? Of(Server server) => server.Greeting as ServerGreeting;
}
