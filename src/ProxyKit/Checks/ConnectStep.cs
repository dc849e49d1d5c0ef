using ProxyKit.Rules.Expressions;

namespace ProxyKit.Checks;

/// <summary>Opens a connection, and closes the one before. If there is one such step, the first has to be one. HAProxy: <c>tcp-check connect</c>,
/// <c>http-check connect</c>.</summary>
public sealed class ConnectStep : CheckStep
{
    /// <summary>An IP address or a host's name without a port.</summary>
    /// <value>Null by default: the one that is checked.</value>
    public string? Address { get; init; }

    /// <summary>The port.</summary>
    /// <value>Null by default: the one that is checked; 1 to 65535.</value>
    public int? Port { get; init; }

    /// <summary>The port, found anew by each check, in the place of <see cref="Port"/>: one that an answer before it has told, say. Where it has no value from
    /// 1 to 65535 the port is the one that is checked. HAProxy: <c>port</c> with an expression.</summary>
    /// <value>Null by default.</value>
    public Expression? PortValue { get; init; }

    /// <summary>Whether TLS is spoken. HAProxy: <c>ssl</c>.</summary>
    public bool UsesTls { get; init; }

    /// <summary>The name that is sent and verified. HAProxy: <c>sni</c>.</summary>
    /// <value>Null by default: as the server's TLS options say.</value>
    public string? HostName { get; init; }

    /// <summary>The application protocols that are offered (ALPN). HAProxy: <c>alpn</c>.</summary>
    /// <value>Null by default: as <see cref="ServerCheckOptions.ApplicationProtocols"/> says. Names are 1 to 255 bytes long.</value>
    public IReadOnlyList<string>? ApplicationProtocols { get; init; }

    /// <summary>Whether the connection begins with a header of the PROXY protocol. See <see cref="ServerCheckOptions.SendsProxyHeader"/>. HAProxy:
    /// <c>send-proxy</c>.</summary>
    public bool SendsProxyHeader { get; init; }

    /// <summary>Whether the connection goes by the server's <see cref="Backends.ServerOptions.Socks4Proxy"/>, where it has one. HAProxy: <c>via-socks4</c>.</summary>
    public bool GoesBySocks4 { get; init; }

    /// <summary>Whether everything that is not said here is as the server has it, TLS included. HAProxy: <c>default</c>.</summary>
    public bool UsesServerSettings { get; init; }

    /// <summary>Whether the connection is closed in an orderly way, rather than broken off, which leaves nothing behind in the system. HAProxy:
    /// <c>linger</c>.</summary>
    public bool Lingers { get; init; }
}
