namespace ProxyKit;

/// <summary>Which connections are kept open for further requests.</summary>
public enum ConnectionMode
{
    /// <summary>Both sides' connections are kept. HAProxy: <c>option http-keep-alive</c>.</summary>
    KeepAlive,

    /// <summary>The server's connection is closed after each response, the client's is kept. HAProxy: <c>option http-server-close</c>.</summary>
    ServerClose,

    /// <summary>In a frontend, the client's connection is closed after each response. HAProxy: <c>option httpclose</c>.</summary>
    Close,
}
