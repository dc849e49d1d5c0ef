namespace ProxyKit.Backends;

/// <summary>When requests of different clients may share server connections. HAProxy: <c>http-reuse</c>.</summary>
public enum ConnectionReuse
{
    /// <summary>Never: a server connection belongs to one client connection.</summary>
    Never,

    /// <summary>The first request of a client connection goes out on a new connection, the following ones on any idle one: what fails
    /// on a connection that the server had given up, the client's software knows how to repeat.</summary>
    Safe,

    /// <summary>As <see cref="Safe"/>, and first requests use connections that have proved to be reusable.</summary>
    Aggressive,

    /// <summary>Any idle connection for any request.</summary>
    Always,
}
