namespace ProxyKit;

/// <summary>The header fields that can tell a server who the client was. Each is added as a further field behind those the client sent.</summary>
[Flags]
public enum ForwardedHeaders
{
    /// <summary>None: requests pass unchanged.</summary>
    None = 0,

    /// <summary><c>X-Forwarded-For</c>: the client's address. HAProxy: <c>option forwardfor</c>.</summary>
    XForwardedFor = 1,

    /// <summary><c>X-Forwarded-Proto</c>: <c>http</c> or <c>https</c>; replaces what the client sent.</summary>
    XForwardedProto = 2,

    /// <summary><c>X-Forwarded-Host</c>: the host the client asked for; replaces what the client sent.</summary>
    XForwardedHost = 4,

    /// <summary><c>Forwarded</c> with proto, host and for (RFC 7239). HAProxy: <c>option forwarded proto host for</c>.</summary>
    Forwarded = 8,
}
