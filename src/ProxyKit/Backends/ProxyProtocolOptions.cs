using ProxyKit.Rules.Expressions;

namespace ProxyKit.Backends;

/// <summary>The header of the PROXY protocol that each connection to a server begins with, before TLS: it tells whose connection it is. So a
/// connection serves one client. HAProxy: <c>send-proxy</c>, <c>send-proxy-v2</c>.</summary>
public sealed class ProxyProtocolOptions
{
    /// <summary>The version.</summary>
    /// <value><see cref="ProxyProtocolVersion.Binary"/> by default, which is version 2.</value>
    public ProxyProtocolVersion Version { get; set; }

    /// <summary>What it tells besides the addresses, and the protocol that ALPN has agreed upon with the client; needs
    /// <see cref="ProxyProtocolVersion.Binary"/>. HAProxy: <c>proxy-v2-options</c>, <c>send-proxy-v2-ssl</c>.</summary>
    /// <value><see cref="ProxyProtocolFacts.None"/> by default.</value>
    public ProxyProtocolFacts Facts { get; set; }

    /// <summary>Fields of your own, by their types: 224 to 239 (0xE0 to 0xEF); needs <see cref="ProxyProtocolVersion.Binary"/>. One without a value is
    /// left out; of a longer one the first 1024 bytes are sent. HAProxy: <c>set-proxy-v2-tlv-fmt</c>.</summary>
    /// <value>None by default.</value>
    public IDictionary<int, Expression> Fields { get; } = new Dictionary<int, Expression>();
}
