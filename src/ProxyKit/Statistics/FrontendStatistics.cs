namespace ProxyKit.Statistics;

/// <summary>What has come to a frontend, and how it went.</summary>
public sealed record FrontendStatistics : IncomingStatistics
{
    internal FrontendStatistics(in TrafficReading traffic)
        : base(traffic)
    {
    }

    /// <summary>Its name. HAProxy: <c>pxname</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary><c>OPEN</c>, or <c>FULL</c> while it has as many connections as it may, or <c>STOP</c> when the proxy stops. HAProxy: <c>status</c>, <c>status</c>.</summary>
    public string Status { get; internal init; } = "";

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
}
