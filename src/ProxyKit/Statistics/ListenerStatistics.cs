namespace ProxyKit.Statistics;

/// <summary>What has come in at one bind of a frontend, and how it went. A bind whose address changes starts anew.</summary>
/// <remarks>Counts only grow, and go on over reloads as long as the name stays. What is current is of one moment; rates are of the last second, and a maximum is the most there was since
/// the proxy started. Docs: <c>docs/statistics.md</c>.</remarks>
public readonly record struct ListenerStatistics
{
    /// <summary>The frontend's name. HAProxy: <c>pxname</c>.</summary>
    public string Frontend { get; internal init; }

    /// <summary>Its name; <c>sock-1</c> and so on where it has none. HAProxy: <c>svname</c>.</summary>
    public string Name { get; internal init; }

    /// <summary><c>OPEN</c>, or <c>FULL</c> while it has as many connections as it may. HAProxy: <c>status</c>, <c>status</c>.</summary>
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

    /// <summary>Client connections that were accepted. HAProxy: <c>conn_tot</c>.</summary>
    public long Connections { get; internal init; }

    /// <summary>How often a rule could not change what it was to change. HAProxy: <c>wrew</c>, <c>failed_header_rewriting_total</c>.</summary>
    public long FailedRewrites { get; internal init; }

    /// <summary>What failed within the proxy, or in code of its user. HAProxy: <c>eint</c>, <c>internal_errors_total</c>.</summary>
    public long InternalErrors { get; internal init; }
}
