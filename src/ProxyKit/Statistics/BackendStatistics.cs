namespace ProxyKit.Statistics;

/// <summary>What has come to a backend, and how it went.</summary>
public sealed record BackendStatistics : OutgoingStatistics
{
    internal BackendStatistics(in TrafficReading traffic, in UpDownReading history)
        : base(traffic, history)
    {
    }

    /// <summary>Its name. HAProxy: <c>pxname</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary><c>UP</c> while a server can have work, or where it has none at all; else <c>DOWN</c>. HAProxy: <c>status</c>, <c>status</c>.</summary>
    public string Status { get; internal init; } = "";

    /// <summary>Requests, or TCP connections, that wait for the first server that is free; those that wait for one server count there. HAProxy: <c>qcur</c>, <c>current_queue</c>.</summary>
    public int Queued { get; internal init; }

    /// <summary>Requests, or TCP connections, that were routed to it and have not ended, those in queues included. HAProxy: <c>scur</c>, <c>current_sessions</c>.</summary>
    public int CurrentSessions { get; internal init; }

    /// <summary>The load at which servers get all the connections they are allowed: <c>fullconn</c>. HAProxy: <c>slim</c>, <c>limit_sessions</c>.</summary>
    public int SessionLimit { get; internal init; }

    /// <summary>Requests, or TCP connections, that were routed to it. HAProxy: <c>stot</c>, <c>sessions_total</c>.</summary>
    public long Sessions { get; internal init; }

    /// <summary>Requests, or TCP connections by what they carried, that rules refused. HAProxy: <c>dreq</c>, <c>requests_denied_total</c>.</summary>
    public long DeniedRequests { get; internal init; }

    /// <summary>Requests that reached no server: none was there or free, or it could not be connected to. HAProxy: <c>econ</c>, <c>connection_errors_total</c>.</summary>
    public long ConnectionErrors { get; internal init; }

    /// <summary>How often balancing chose a server. HAProxy: <c>lbtot</c>, <c>loadbalanced_total</c>.</summary>
    public long Selections { get; internal init; }

    /// <summary>Requests that were routed to it and are over. HAProxy: <c>req_tot</c>, <c>http_requests_total</c>.</summary>
    public long Requests { get; internal init; }

    /// <summary>Responses by the class of their status, the proxy's own included. HAProxy: <c>hrsp_1xx</c>, <c>http_responses_total</c>.</summary>
    public ResponseCounts Responses { get; internal init; }

    /// <summary>The weights of its usable servers that are no backups, in all; of its backups, where only those are left. HAProxy: <c>weight</c>, <c>weight</c>.</summary>
    public int Weight { get; internal init; }

    /// <summary>How many servers that are no backups can have work. HAProxy: <c>act</c>, <c>active_servers</c>.</summary>
    public int ActiveServers { get; internal init; }

    /// <summary>How many backups could. HAProxy: <c>bck</c>, <c>backup_servers</c>.</summary>
    public int BackupServers { get; internal init; }
}
