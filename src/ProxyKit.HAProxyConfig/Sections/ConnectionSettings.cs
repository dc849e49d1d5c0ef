namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a proxy says of its messages and of how its connections begin and end. Null stands for what was never said.</summary>
internal sealed class ConnectionSettings
{
    /// <summary>HAProxy: <c>option http-buffer-request</c>.</summary>
    public bool BuffersRequests { get; set; }

    /// <summary>HAProxy: <c>option http-restrict-req-hdr-names</c>.</summary>
    public OddHeaderNames OddHeaderNames { get; set; }

    /// <summary>HAProxy: <c>option http-drop-request-trailers</c>.</summary>
    public bool DropsRequestTrailers { get; set; }

    /// <summary>HAProxy: <c>option http-drop-response-trailers</c>.</summary>
    public bool DropsResponseTrailers { get; set; }

    /// <summary>HAProxy: <c>option http-pretend-keepalive</c>.</summary>
    public bool PretendsKeepAlive { get; set; }

    /// <summary>HAProxy: <c>option accept-unsafe-violations-in-http-request</c>.</summary>
    public bool AcceptsUnsafeRequests { get; set; }

    /// <summary>HAProxy: <c>option accept-unsafe-violations-in-http-response</c>.</summary>
    public bool AcceptsUnsafeResponses { get; set; }

    /// <summary>HAProxy: <c>option http-ignore-probes</c>.</summary>
    public bool IgnoresProbes { get; set; }

    /// <summary>HAProxy: <c>option http-use-proxy-header</c>.</summary>
    public bool AuthenticatesAsProxy { get; set; }

    /// <summary>HAProxy: <c>option idle-close-on-response</c>.</summary>
    public bool KeepsIdleWhileDraining { get; set; }

    /// <summary>HAProxy: <c>option independent-streams</c>.</summary>
    public bool HasIndependentDirections { get; set; }

    /// <summary>HAProxy: <c>option nolinger</c>.</summary>
    public bool ResetsConnections { get; set; }

    /// <summary>HAProxy: <c>option prefer-last-server</c>.</summary>
    public bool PrefersLastServer { get; set; }

    /// <summary>HAProxy: <c>max-keep-alive-queue</c>.</summary>
    public int? MaxKeepAliveQueue { get; set; }

    /// <summary>HAProxy: <c>max-session-srv-conns</c>.</summary>
    public int? MaxPrivateConnections { get; set; }

    /// <summary>HAProxy: <c>option h1-case-adjust-bogus-client</c>.</summary>
    public bool AdjustsResponseCase { get; set; }

    /// <summary>HAProxy: <c>option h1-case-adjust-bogus-server</c>.</summary>
    public bool AdjustsRequestCase { get; set; }

    /// <summary>HAProxy: <c>option clitcpka</c> and what belongs to it.</summary>
    public KeepAliveSettings ClientKeepAlive { get; set; } = new();

    /// <summary>HAProxy: <c>option srvtcpka</c> and what belongs to it.</summary>
    public KeepAliveSettings ServerKeepAlive { get; set; } = new();

    /// <summary>HAProxy: <c>source</c>; empty for any address.</summary>
    public string? Source { get; set; }

    /// <summary>HAProxy: <c>source ... interface</c>.</summary>
    public string? Interface { get; set; }

    public ConnectionSettings Copy() => (ConnectionSettings)MemberwiseClone();
}
