namespace ProxyKit.Statistics;

/// <summary>What has come to a frontend, and how it went.</summary>
/// <remarks>Counts only grow, and go on over reloads as long as the name stays. What is current is of one moment; rates are of the last second, and a maximum is the most there was since
/// the proxy started. Docs: <c>docs/statistics.md</c>.</remarks>
public readonly record struct FrontendStatistics
{
    /// <summary>Its name. HAProxy: <c>pxname</c>.</summary>
    public string Name { get; internal init; }

    /// <summary><c>OPEN</c>, or <c>FULL</c> while it has as many connections as it may, or <c>STOP</c> when the proxy stops. HAProxy: <c>status</c>, <c>status</c>.</summary>
    public string Status { get; internal init; }

    /// <summary>Client connections now. HAProxy: <c>scur</c>, <c>current_sessions</c>.</summary>
    public int CurrentSessions { get; internal init; }

    /// <summary>The most of those there were at once. HAProxy: <c>smax</c>, <c>max_sessions</c>.</summary>
    public int MaxSessions { get; internal init; }

    /// <summary>How many there may be at once; null for no limit of its own. HAProxy: <c>slim</c>, <c>limit_sessions</c>.</summary>
    public int? SessionLimit { get; internal init; }

    /// <summary>Client connections that were let in by rules, and whose TLS handshake went well. HAProxy: <c>stot</c>, <c>sessions_total</c>.</summary>
    public long Sessions { get; internal init; }

    /// <summary>Bytes that clients sent, counted when an exchange or a tunnel ends. HAProxy: <c>bin</c>, <c>bytes_in_total</c>.</summary>
    public long BytesIn { get; internal init; }

    /// <summary>Bytes that clients were sent, counted when an exchange or a tunnel ends. HAProxy: <c>bout</c>, <c>bytes_out_total</c>.</summary>
    public long BytesOut { get; internal init; }

    /// <summary>Requests, or TCP connections by what they carried, that rules refused. HAProxy: <c>dreq</c>, <c>requests_denied_total</c>.</summary>
    public long DeniedRequests { get; internal init; }

    /// <summary>Responses that rules refused. HAProxy: <c>dresp</c>, <c>responses_denied_total</c>.</summary>
    public long DeniedResponses { get; internal init; }

    /// <summary>Requests that could not be read, broke off, or took too long. A kept connection that ends between two requests is none. HAProxy: <c>ereq</c>, <c>request_errors_total</c>.</summary>
    public long RequestErrors { get; internal init; }

    /// <summary>Connections that rules for connections refused. HAProxy: <c>dcon</c>, <c>denied_connections_total</c>.</summary>
    public long DeniedConnections { get; internal init; }

    /// <summary>Connections that rules for sessions refused. HAProxy: <c>dses</c>, <c>denied_sessions_total</c>.</summary>
    public long DeniedSessions { get; internal init; }

    /// <summary>How many sessions may begin in a second; null for no limit. HAProxy: <c>rate_lim</c>, <c>limit_session_rate</c>.</summary>
    public int? SessionRateLimit { get; internal init; }

    /// <summary>Sessions of the last second. HAProxy: <c>rate</c>.</summary>
    public int SessionRate { get; internal init; }

    /// <summary>The most of them in one second. HAProxy: <c>rate_max</c>, <c>max_session_rate</c>.</summary>
    public int MaxSessionRate { get; internal init; }

    /// <summary>Client connections that were accepted. HAProxy: <c>conn_tot</c>, <c>connections_total</c>.</summary>
    public long Connections { get; internal init; }

    /// <summary>Connections of the last second. HAProxy: <c>conn_rate</c>.</summary>
    public int ConnectionRate { get; internal init; }

    /// <summary>The most of them in one second. HAProxy: <c>conn_rate_max</c>, <c>connections_rate_max</c>.</summary>
    public int MaxConnectionRate { get; internal init; }

    /// <summary>Requests, those included that could not be read. HAProxy: <c>req_tot</c>, <c>http_requests_total</c>.</summary>
    public long Requests { get; internal init; }

    /// <summary>Requests of the last second. HAProxy: <c>req_rate</c>.</summary>
    public int RequestRate { get; internal init; }

    /// <summary>The most of them in one second. HAProxy: <c>req_rate_max</c>, <c>http_requests_rate_max</c>.</summary>
    public int MaxRequestRate { get; internal init; }

    /// <summary>Responses by the class of their status, the proxy's own included. HAProxy: <c>hrsp_1xx</c>, <c>http_responses_total</c>.</summary>
    public ResponseCounts Responses { get; internal init; }

    /// <summary>Requests that its rules answered before there was a backend: redirects, and replies of its own that refuse nobody. HAProxy: <c>intercepted</c>, <c>intercepted_requests_total</c>.</summary>
    public long Intercepted { get; internal init; }

    /// <summary>How often a rule could not change what it was to change. HAProxy: <c>wrew</c>, <c>failed_header_rewriting_total</c>.</summary>
    public long FailedRewrites { get; internal init; }

    /// <summary>What failed within the proxy, or in code of its user. HAProxy: <c>eint</c>, <c>internal_errors_total</c>.</summary>
    public long InternalErrors { get; internal init; }
}
