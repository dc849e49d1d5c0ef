namespace ProxyKit.Http;

/// <summary>The version of HTTP that a message came in.</summary>
public enum HttpProtocol
{
    /// <summary>HTTP/1.0.</summary>
    Http10,

    /// <summary>HTTP/1.1, or a later minor version, which RFC 9110 §2.5 has us read as 1.1.</summary>
    Http11,

    /// <summary>HTTP/2.</summary>
    Http2,

    /// <summary>HTTP/3.</summary>
    Http3,
}
