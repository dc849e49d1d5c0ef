using ProxyKit.Backends;

namespace ProxyKit.Exchanges;

/// <summary>What connections to a server begin with: whose they are, and which name the server is asked for.</summary>
/// <param name="Header">The header of the PROXY protocol; null for none.</param>
/// <param name="Name">The name by each request; null where it is always the same.</param>
internal sealed record ServerGreeting(SentProxyHeader? Header, RequestedName? Name) : IGreeting
{
    /// <summary>That of a server; null where connections to it begin with nothing of a client's.</summary>
    public static ServerGreeting? Of(Server server) => server.Greeting as ServerGreeting;
}
