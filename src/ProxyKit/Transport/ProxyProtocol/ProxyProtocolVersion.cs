namespace ProxyKit;

/// <summary>The versions of the PROXY protocol, with which a proxy tells the next one, or a server, whose connection it brings.</summary>
public enum ProxyProtocolVersion
{
    /// <summary>Version 2: binary, with room for more than addresses. HAProxy: <c>send-proxy-v2</c>.</summary>
    Binary,

    /// <summary>Version 1: a line of text with the addresses and ports. HAProxy: <c>send-proxy</c>.</summary>
    Text,
}
