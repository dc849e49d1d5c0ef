using ProxyKit.Transport.Tls;

namespace ProxyKit.Checks;

/// <summary>How often a server is checked, and where. HAProxy: <c>server … check</c>.</summary>
public sealed class ServerCheckOptions
{
    /// <summary>The time from the start of one check to the start of the next, while the server is in full health. HAProxy: <c>inter</c>.</summary>
    /// <value>2 seconds by default; 1 ms to 24.8 days. Without <see cref="Backends.BackendOptions.CheckTimeout"/> also how long a check may take.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The same while it is on its way up or down. HAProxy: <c>fastinter</c>.</summary>
    /// <value>Null by default: <see cref="Interval"/>.</value>
    public TimeSpan? FastInterval { get; set; }

    /// <summary>The same while it is down. HAProxy: <c>downinter</c>.</summary>
    /// <value>Null by default: <see cref="Interval"/>.</value>
    public TimeSpan? DownInterval { get; set; }

    /// <summary>How many checks in a row have to pass before a server that is down is up. HAProxy: <c>rise</c>.</summary>
    /// <value>2 by default; 1 or more.</value>
    public int Rise { get; set; } = 2;

    /// <summary>How many checks in a row have to fail before a server that is up is down. HAProxy: <c>fall</c>.</summary>
    /// <value>3 by default; 1 or more.</value>
    public int Fall { get; set; } = 3;

    /// <summary>The address that is checked in the place of the server's: an IP address or a host's name without a port. HAProxy: <c>addr</c>.</summary>
    /// <value>Null by default: the server's. With another address or port the check uses TLS only where <see cref="Tls"/> says so.</value>
    public string? Address { get; set; }

    /// <summary>The port that is checked in the place of the server's. HAProxy: <c>port</c>.</summary>
    /// <value>Null by default: the server's; 1 to 65535.</value>
    public int? Port { get; set; }

    /// <summary>Whether checks use TLS. HAProxy: <c>check-ssl</c>, <c>no-check-ssl</c>.</summary>
    /// <value>Null by default: as the server does, unless <see cref="Address"/> or <see cref="Port"/> lead elsewhere.</value>
    public bool? UseTls { get; set; }

    /// <summary>The TLS options of checks where the server itself has none, or others.</summary>
    /// <value>Null by default: the server's, and where it has none the usual ones.</value>
    public ServerTlsOptions? Tls { get; set; }

    /// <summary>Whether the connections of checks begin with a header of the PROXY protocol, in the version that <see cref="Backends.ServerOptions.ProxyProtocol"/>
    /// says; it tells that they are the proxy's own. HAProxy: <c>check-send-proxy</c>.</summary>
    /// <value>Null by default: as the server's do, unless <see cref="Address"/> or <see cref="Port"/> lead elsewhere. Version 1 where the server has none.</value>
    public bool? SendsProxyHeader { get; set; }

    /// <summary>Whether checks go by the server's <see cref="Backends.ServerOptions.Socks4Proxy"/>, where it has one. HAProxy: <c>check-via-socks4</c>.</summary>
    /// <value>False by default: they go to the server themselves.</value>
    public bool GoesBySocks4 { get; set; }

    /// <summary>The name that checks over TLS send and verify. HAProxy: <c>check-sni</c>.</summary>
    /// <value>Null by default: as the TLS options say.</value>
    public string? HostName { get; set; }

    /// <summary>The application protocols that checks over TLS offer (ALPN). HAProxy: <c>check-alpn</c>.</summary>
    /// <value>Null by default: as the TLS options say; an empty list offers none. Names are 1 to 255 bytes long; checks over HTTP speak HTTP/1 whatever is
    /// agreed on.</value>
    public IReadOnlyList<string>? ApplicationProtocols { get; set; }

    internal ServerCheckOptions Copy() => (ServerCheckOptions)MemberwiseClone();
}
