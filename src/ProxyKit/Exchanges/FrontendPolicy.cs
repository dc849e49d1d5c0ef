using ProxyKit.Http;
using ProxyKit.Metering;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Replies;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What a frontend of the running configuration asks of its exchanges and tunnels: immutable, with everything resolved.</summary>
internal sealed class FrontendPolicy
{
    public required string Name { get; init; }

    public required ProxyMode Mode { get; init; }

    /// <summary>The conditions of the routes; null where there is none to look at.</summary>
    public required RouteTable? Routes { get; init; }

    /// <summary>Where each route leads, in the table's order.</summary>
    public required RouteTarget[] Targets { get; init; }

    public required BackendPolicy? DefaultBackend { get; init; }

    /// <summary>What clients and their requests are asked here.</summary>
    public required RuleSet Rules { get; init; }

    /// <summary>The tiers of its clients; null for none.</summary>
    public TierPolicy? Tiers { get; init; }

    /// <summary>Its error pages; null for none of its own.</summary>
    public required ErrorPages? Pages { get; init; }

    /// <summary>The lines of its log.</summary>
    public required FrontendFormats Formats { get; init; }

    /// <summary>What expressions can tell of the frontend.</summary>
    public required FrontendFacts Facts { get; init; }

    /// <summary>How long a client is kept waiting that a rule wants kept so; zero for not at all.</summary>
    public required TimeSpan TarpitTimeout { get; init; }

    public required TimeSpan? ClientTimeout { get; init; }

    public required TimeSpan? ClientFinTimeout { get; init; }

    public required TimeSpan? RequestHeadTimeout { get; init; }

    public required TimeSpan? KeepAliveTimeout { get; init; }

    public required TimeSpan? HandshakeTimeout { get; init; }

    public required ForwardedHeaders ForwardedHeaders { get; init; }

    /// <summary>The field with the client's address; null for none.</summary>
    public AddressField? ForwardedFor { get; init; }

    /// <summary>The field with the address that the client has connected to; null for none.</summary>
    public AddressField? OriginalTo { get; init; }

    public required ConnectionMode ConnectionMode { get; init; }

    /// <summary>How many idle server connections are kept for one client alone.</summary>
    public int MaxPrivateConnections { get; init; } = 5;

    /// <summary>How fields of responses are written; null for as they are.</summary>
    public HeaderCase? ResponseCase { get; init; }

    /// <summary>Whether clients get no fields behind the body.</summary>
    public bool DropsResponseTrailers { get; init; }

    /// <summary>Whether some violations in requests are let pass.</summary>
    public bool AcceptsUnsafeRequests { get; init; }

    /// <summary>Whether a body is taken of any request.</summary>
    public bool TakesBodyOfAnyMethod { get; init; }

    /// <summary>Whether a connection goes on behind a request with both lengths.</summary>
    public bool KeepsBothLengths { get; init; }

    /// <summary>Whether clients on ports for privileged programs are turned away.</summary>
    public bool RejectsPrivilegedPorts { get; init; }

    /// <summary>Whether a connection on which nothing came ends without an answer.</summary>
    public bool IgnoresProbes { get; init; }

    /// <summary>Whether connections without a request are left open while the proxy drains.</summary>
    public bool KeepsIdleWhileDraining { get; init; }

    /// <summary>Whether clients in tunnels are silent as long as they send nothing.</summary>
    public bool HasIndependentDirections { get; init; }

    /// <summary>How the system finds out that clients are gone; null for not at all.</summary>
    public TcpKeepAliveOptions? TcpKeepAlive { get; init; }

    /// <summary>Whether client connections are closed with a reset.</summary>
    public bool ResetsConnections { get; init; }

    public required bool AccessLog { get; init; }

    /// <summary>Which lines that log has of connections on which nothing came.</summary>
    public EmptyConnectionLines EmptyConnections { get; init; }

    /// <summary>Which lines that log has.</summary>
    public LogChoice Lines { get; init; } = LogChoice.All;

    /// <summary>How what clients use is written down; null where it is not.</summary>
    public required FrontendMetering? Metering { get; init; }

    /// <summary>How many client connections the frontend serves; outlives snapshots.</summary>
    public required ConnectionCount Connections { get; init; }

    /// <summary>How many sessions begin in a second; outlives snapshots.</summary>
    public required SessionRate SessionRate { get; init; }

    /// <summary>The backend of a request, which is disabled only where it is the default; null when no route takes it and there is no default.</summary>
    public BackendPolicy? BackendFor(RuleContext context)
    {
        if (Routes is not { } routes)
        {
            return DefaultBackend;
        }

        for (var index = routes.Find(context); index >= 0 && Targets[index].TryFind(context, out var found); index = routes.Find(context, index))
        {
            if (!found.Backend.IsDisabled)
            {
                return found;
            }
        }

        return DefaultBackend;
    }
}
