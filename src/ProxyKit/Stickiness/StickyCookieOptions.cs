namespace ProxyKit.Stickiness;

/// <summary>A cookie that names the server a client has. HAProxy: <c>cookie</c> of a backend.</summary>
public sealed class StickyCookieOptions
{
    /// <summary>The cookie's name, compared with its case.</summary>
    public required string Name { get; init; }

    /// <summary>Who sets the cookie, and what stands in it.</summary>
    /// <value><see cref="StickyCookieMode.Passive"/> by default: the servers do, and it is only read.</value>
    public StickyCookieMode Mode { get; set; }

    /// <summary>Whether servers see nothing of the cookie, and the client is told of it only when something has changed. Not with
    /// <see cref="StickyCookieMode.Rewrite"/>. HAProxy: <c>indirect</c>.</summary>
    public bool IsIndirect { get; set; }

    /// <summary>Whether a response is marked as private for caches where the cookie was put in and they might have kept it. HAProxy:
    /// <c>nocache</c>.</summary>
    public bool IsNoCache { get; set; }

    /// <summary>Whether only responses to POST get the cookie put in. HAProxy: <c>postonly</c>.</summary>
    public bool IsPostOnly { get; set; }

    /// <summary>Whether a cookie of the name that a server sets itself is left alone. With <see cref="StickyCookieMode.Insert"/> or
    /// <see cref="IsIndirect"/> only. HAProxy: <c>preserve</c>.</summary>
    public bool PreservesServerCookie { get; set; }

    /// <summary>Whether scripts in the client's browser cannot read it. HAProxy: <c>httponly</c>.</summary>
    public bool IsHttpOnly { get; set; }

    /// <summary>Whether browsers send it over TLS alone. HAProxy: <c>secure</c>.</summary>
    public bool IsSecure { get; set; }

    /// <summary>The domains that browsers send it to. HAProxy: <c>domain</c>.</summary>
    /// <value>None by default: the host that set it.</value>
    public IList<string> Domains { get; } = [];

    /// <summary>Further attributes, such as <c>SameSite=Lax</c>. HAProxy: <c>attr</c>.</summary>
    public IList<string> Attributes { get; } = [];

    /// <summary>How long a client may be away without losing its server. Seconds count. HAProxy: <c>maxidle</c>.</summary>
    /// <value>Null by default: no limit. With <see cref="StickyCookieMode.Insert"/> only; 1 second or more.</value>
    public TimeSpan? MaxIdle { get; set; }

    /// <summary>How long a client keeps its server in all. Seconds count. HAProxy: <c>maxlife</c>.</summary>
    /// <value>Null by default: no limit. With <see cref="StickyCookieMode.Insert"/> only; 1 second or more.</value>
    public TimeSpan? MaxLife { get; set; }

    /// <summary>Whether servers without a value of their own get one made from their address and
    /// <see cref="Backends.BackendOptions.DynamicCookieKey"/>. HAProxy: <c>dynamic</c>.</summary>
    public bool IsDynamic { get; set; }
}

/// <summary>Who sets a sticky cookie, and what stands in it.</summary>
public enum StickyCookieMode
{
    /// <summary>The servers set it, with the very value that stands for them here; it is only read.</summary>
    Passive,

    /// <summary>The proxy sets it; what servers set under the name is taken out. HAProxy: <c>insert</c>.</summary>
    Insert,

    /// <summary>The servers set it, and its value is replaced by the one that stands for them here. HAProxy: <c>rewrite</c>.</summary>
    Rewrite,

    /// <summary>The servers set it, for themselves; what stands for them here and a <c>~</c> are put before its value, and taken off again on
    /// the way back. HAProxy: <c>prefix</c>.</summary>
    Prefix,
}
