namespace ProxyKit;

/// <summary>Which lines the access log has of connections on which the client sent nothing: monitors and port scanners open such, browsers open some ahead
/// of need. HAProxy: <c>option dontlognull</c>.</summary>
public enum EmptyConnectionLines
{
    /// <summary>Of those that were waited for in vain, and got a 408; not of clients that went away by themselves. In TCP mode, where servers may be
    /// the first to speak, of all.</summary>
    Late,

    /// <summary>Of all. HAProxy without the option.</summary>
    All,

    /// <summary>Of none; errors of handshakes have their lines all the same. HAProxy with the option.</summary>
    None,
}
