using ProxyKit.Backends;
using ProxyKit.Rules;

namespace ProxyKit.Exchanges;

/// <summary>What a frontend of the running configuration asks of its exchanges and tunnels: immutable, with everything resolved.</summary>
internal sealed class FrontendPolicy
{
    public required string Name { get; init; }

    public required ProxyMode Mode { get; init; }

    /// <summary>The conditions of the routes; null where there is none to look at.</summary>
    public required RouteTable? Routes { get; init; }

    /// <summary>The backend of each route, in the table's order.</summary>
    public required Backend[] Targets { get; init; }

    public required Backend? DefaultBackend { get; init; }

    public required TimeSpan? ClientTimeout { get; init; }

    public required TimeSpan? ClientFinTimeout { get; init; }

    public required TimeSpan? RequestHeadTimeout { get; init; }

    public required TimeSpan? KeepAliveTimeout { get; init; }

    public required TimeSpan? HandshakeTimeout { get; init; }

    public required ForwardedHeaders ForwardedHeaders { get; init; }

    public required ConnectionMode ConnectionMode { get; init; }

    public required bool AccessLog { get; init; }

    /// <summary>How many client connections the frontend serves; outlives snapshots.</summary>
    public required ConnectionCount Connections { get; init; }

    /// <summary>The backend of a request; null when no route takes it and there is no default.</summary>
    public Backend? BackendFor(RuleContext context)
    {
        var index = Routes?.Find(context) ?? -1;
        return index < 0 ? DefaultBackend : Targets[index];
    }
}
