using System.Security.Authentication;
using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>bind</c> line.</summary>
internal sealed class BindSection(IReadOnlyList<BoundAddress> addresses, Place place)
{
    /// <summary>Where it listens: one or more addresses.</summary>
    public IReadOnlyList<BoundAddress> Addresses => addresses;

    public Place Place => place;

    public string? Name { get; set; }

    public int? Backlog { get; set; }

    public int? MaxConnections { get; set; }

    /// <summary>HAProxy: <c>accept-proxy</c>.</summary>
    public bool AcceptsProxyProtocol { get; set; }

    /// <summary>True with <c>v4v6</c>, false with <c>v6only</c>, null with neither.</summary>
    public bool? TakesIPv4 { get; set; }

    public bool IsSecure { get; set; }

    public (string Path, Place Place)? Certificate { get; set; }

    public SslProtocols? MinimumProtocol { get; set; }

    /// <summary>Null where nothing is said; empty for no ALPN.</summary>
    public IReadOnlyList<string>? Protocols { get; set; }
}
