namespace ProxyKit.Statistics;

/// <summary>What has come from clients: at a frontend, or at one of its binds.</summary>
public abstract record IncomingStatistics : TrafficStatistics
{
    private protected IncomingStatistics(in TrafficReading traffic)
        : base(traffic)
    {
        Sessions = traffic[TrafficEvent.Session];
        DeniedRequests = traffic[TrafficEvent.DeniedRequest];
        RequestErrors = traffic[TrafficEvent.RequestError];
        DeniedConnections = traffic[TrafficEvent.DeniedConnection];
        DeniedSessions = traffic[TrafficEvent.DeniedSession];
    }

    /// <summary>Client connections now. HAProxy: <c>scur</c>, <c>current_sessions</c>.</summary>
    public int CurrentSessions { get; internal init; }

    /// <summary>How many there may be at once; null for no limit of its own. HAProxy: <c>slim</c>, <c>limit_sessions</c>.</summary>
    public int? SessionLimit { get; internal init; }

    /// <summary>Client connections that were let in by rules, and whose TLS handshake went well. HAProxy: <c>stot</c>, <c>sessions_total</c>.</summary>
    public long Sessions { get; }

    /// <summary>Requests, or TCP connections by what they carried, that rules refused. HAProxy: <c>dreq</c>, <c>requests_denied_total</c>.</summary>
    public long DeniedRequests { get; }

    /// <summary>Requests that could not be read, broke off, or took too long. A kept connection that ends between two requests is none. HAProxy: <c>ereq</c>, <c>request_errors_total</c>.</summary>
    public long RequestErrors { get; }

    /// <summary>Connections that rules for connections refused. HAProxy: <c>dcon</c>, <c>denied_connections_total</c>.</summary>
    public long DeniedConnections { get; }

    /// <summary>Connections that rules for sessions refused. HAProxy: <c>dses</c>, <c>denied_sessions_total</c>.</summary>
    public long DeniedSessions { get; }
}
