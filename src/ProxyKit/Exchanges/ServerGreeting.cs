using ProxyKit.Backends;
using ProxyKit.Rules;

namespace ProxyKit.Exchanges;

/// <summary>What connections to a server begin with: whose they are, and which name the server is asked for.</summary>
/// <param name="Header">The header of the PROXY protocol; null for none.</param>
/// <param name="Name">The name by each request; null where it is always the same.</param>
/// <param name="Pool">What parts the connections into pools; null for the name.</param>
internal sealed record ServerGreeting(SentProxyHeader? Header, RequestedName? Name, PoolName? Pool) : IGreeting
{
    /// <summary>Whether the connections are in pools of which each has a name.</summary>
    public bool HasPools => Name is not null || Pool is not null;

    /// <summary>Writes the name of the pool that a request's connection is of.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Where to; <see cref="PoolName.Longest"/> bytes.</param>
    /// <returns>Its length; 0 for the pool without a name.</returns>
    public int WritePool(RuleContext context, Span<byte> name) => Pool is { } pool ? pool.Write(context, name) : Name?.Write(context, name) ?? 0;

    /// <summary>The same for a new connection; null for the pool without a name.</summary>
    public byte[]? MakePool(RuleContext context)
    {
        Span<byte> name = stackalloc byte[PoolName.Longest];
        var length = WritePool(context, name);
        return length == 0 ? null : name[..length].ToArray();
    }

    /// <summary>That of a server; null where connections to it begin with nothing of a client's.</summary>
    public static ServerGreeting? Of(Server server) => server.Greeting as ServerGreeting;
}
