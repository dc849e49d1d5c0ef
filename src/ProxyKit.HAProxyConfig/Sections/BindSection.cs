using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>bind</c> line.</summary>
internal sealed class BindSection(IReadOnlyList<BoundAddress> addresses, Place place)
{
    /// <summary>Where it listens: one or more addresses.</summary>
    public IReadOnlyList<BoundAddress> Addresses => addresses;

    public Place Place => place;

    public string? Name { get; set; }

    public int? Id { get; set; }

    public int? Backlog { get; set; }

    public int? MaxConnections { get; set; }

    /// <summary>HAProxy: <c>interface</c>.</summary>
    public string? Interface { get; set; }

    /// <summary>HAProxy: <c>accept-proxy</c>.</summary>
    public bool AcceptsProxyProtocol { get; set; }

    /// <summary>HAProxy: <c>accept-netscaler-cip</c>.</summary>
    public long? NetScalerMagic { get; set; }

    /// <summary>HAProxy: <c>transparent</c>.</summary>
    public bool IsTransparent { get; set; }

    /// <summary>What it says of unix sockets.</summary>
    public UnixSocketSettings Unix { get; } = new();

    /// <summary>HAProxy: <c>tcp-ss</c>.</summary>
    public SavedPacket SavedPacket { get; set; }

    /// <summary>True with <c>v4v6</c>, false with <c>v6only</c>, null with neither.</summary>
    public bool? TakesIPv4 { get; set; }

    public bool IsSecure { get; set; }

    /// <summary>The first word that is about TLS, but for <c>ssl</c>.</summary>
    public (string Word, Place Place)? TlsWord { get; set; }

    /// <summary>The certificates of <c>crt</c>, <c>default-crt</c> and <c>crt-list</c>, in the order in which they stand.</summary>
    public List<BindCertificateOptions> Certificates { get; } = [];

    /// <summary>The certificates whose lines say something about those of clients, and what.</summary>
    public List<(BindCertificateOptions Certificate, ClientCertificateSettings Clients)> OwnClients { get; } = [];

    /// <summary>What it says about the certificates of clients.</summary>
    public ClientCertificateSettings Clients { get; } = new();

    /// <summary>What it says about versions, ciphers and sessions.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>Null where nothing is said; empty for no ALPN.</summary>
    public IReadOnlyList<string>? Protocols { get; set; }
}
