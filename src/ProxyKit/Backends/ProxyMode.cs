namespace ProxyKit;

/// <summary>What a frontend or backend speaks. HAProxy: <c>mode</c>.</summary>
public enum ProxyMode
{
    /// <summary>HTTP: requests are parsed, routed and balanced one by one.</summary>
    Http,

    /// <summary>TCP: bytes are relayed as they are, a connection at a time.</summary>
    Tcp,
}
