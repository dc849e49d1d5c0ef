namespace ProxyKit.Statistics;

/// <summary>What a server was given, and how that went.</summary>
/// <remarks>Counts only grow, and go on over reloads as long as the name stays. What is current is of one moment; rates are of the last second, and a maximum is the most there was since
/// the proxy started. Docs: <c>docs/statistics.md</c>.</remarks>
public readonly record struct ServerStatistics
{
    /// <summary>The backend's name. HAProxy: <c>pxname</c>.</summary>
    public string Backend { get; internal init; }

    /// <summary>Its name. HAProxy: <c>svname</c>.</summary>
    public string Name { get; internal init; }

    /// <summary>Its state in a word, as <see cref="Backends.Server.Status"/> has it. HAProxy: <c>status</c>, <c>status</c>.</summary>
    public string Status { get; internal init; }

    /// <summary>Requests, or TCP connections, that wait for it and no other. HAProxy: <c>qcur</c>, <c>current_queue</c>.</summary>
    public int Queued { get; internal init; }

    /// <summary>The most of those there were at once. HAProxy: <c>qmax</c>, <c>max_queue</c>.</summary>
    public int MaxQueued { get; internal init; }

    /// <summary>How many may wait so; null for no limit. HAProxy: <c>qlimit</c>, <c>queue_limit</c>.</summary>
    public int? QueueLimit { get; internal init; }

    /// <summary>Requests, or TCP connections, that it works on now. HAProxy: <c>scur</c>, <c>current_sessions</c>.</summary>
    public int CurrentSessions { get; internal init; }

    /// <summary>The most of those there were at once. HAProxy: <c>smax</c>, <c>max_sessions</c>.</summary>
    public int MaxSessions { get; internal init; }

    /// <summary>How many slots it has at this moment; null for no limit. HAProxy: <c>slim</c>, <c>limit_sessions</c>.</summary>
    public int? SessionLimit { get; internal init; }

    /// <summary>Attempts at it: a request that is tried again counts again. HAProxy: <c>stot</c>, <c>sessions_total</c>.</summary>
    public long Sessions { get; internal init; }

    /// <summary>Bytes that clients sent, counted when an exchange or a tunnel ends. HAProxy: <c>bin</c>, <c>bytes_in_total</c>.</summary>
    public long BytesIn { get; internal init; }

    /// <summary>Bytes that clients were sent, counted when an exchange or a tunnel ends. HAProxy: <c>bout</c>, <c>bytes_out_total</c>.</summary>
    public long BytesOut { get; internal init; }

    /// <summary>Responses that rules refused. HAProxy: <c>dresp</c>, <c>responses_denied_total</c>.</summary>
    public long DeniedResponses { get; internal init; }

    /// <summary>Requests that ended since it could not be connected to, or its own queue was full or took too long. HAProxy: <c>econ</c>, <c>connection_errors_total</c>.</summary>
    public long ConnectionErrors { get; internal init; }

    /// <summary>Responses that were none, broke off, or did not come in time. HAProxy: <c>eresp</c>, <c>response_errors_total</c>.</summary>
    public long ResponseErrors { get; internal init; }

    /// <summary>Clients that went away, or were too slow, once their request had come. HAProxy: <c>cli_abrt</c>, <c>client_aborts_total</c>.</summary>
    public long ClientAborts { get; internal init; }

    /// <summary>Responses and TCP connections that the server broke off, or was too slow for. HAProxy: <c>srv_abrt</c>, <c>server_aborts_total</c>.</summary>
    public long ServerAborts { get; internal init; }

    /// <summary>Attempts that were repeated at the same server. HAProxy: <c>wretr</c>, <c>retry_warnings_total</c>.</summary>
    public long Retries { get; internal init; }

    /// <summary>Attempts that left a server for another one. HAProxy: <c>wredis</c>, <c>redispatch_warnings_total</c>.</summary>
    public long Redispatches { get; internal init; }

    /// <summary>How often balancing chose it. HAProxy: <c>lbtot</c>, <c>loadbalanced_total</c>.</summary>
    public long Selections { get; internal init; }

    /// <summary>Connections that were asked for. HAProxy: <c>connect</c>, <c>connection_attempts_total</c>.</summary>
    public long Connects { get; internal init; }

    /// <summary>Requests that went over a connection that was there. HAProxy: <c>reuse</c>, <c>connection_reuses_total</c>.</summary>
    public long Reuses { get; internal init; }

    /// <summary>Sessions of the last second. HAProxy: <c>rate</c>.</summary>
    public int SessionRate { get; internal init; }

    /// <summary>The most of them in one second. HAProxy: <c>rate_max</c>, <c>max_session_rate</c>.</summary>
    public int MaxSessionRate { get; internal init; }

    /// <summary>Responses that it gave and that were passed on, or refused by a rule. HAProxy: <c>req_tot</c>.</summary>
    public long Requests { get; internal init; }

    /// <summary>Those by the class of their status, as it sent it. HAProxy: <c>hrsp_1xx</c>, <c>http_responses_total</c>.</summary>
    public ResponseCounts Responses { get; internal init; }

    /// <summary>How long requests took, those of them that got a response; TCP connections, those that reached a server. HAProxy: <c>qtime</c>, <c>queue_time_average_seconds</c>.</summary>
    public TimeStatistics Times { get; internal init; }

    /// <summary>How long ago a request or connection was last given to a server; null for never. HAProxy: <c>lastsess</c>, <c>last_session_seconds</c>.</summary>
    public TimeSpan? SinceLastSession { get; internal init; }

    /// <summary>Its weight at this moment: less while it warms up, 0 where it can have no new work. HAProxy: <c>weight</c>, <c>weight</c>.</summary>
    public int Weight { get; internal init; }

    /// <summary>Its weight as configured, or as set since. HAProxy: <c>uweight</c>, <c>uweight</c>.</summary>
    public int UserWeight { get; internal init; }

    /// <summary>Whether it is a backup. HAProxy: <c>bck</c>, <c>backup</c>.</summary>
    public bool IsBackup { get; internal init; }

    /// <summary>How much of its work it gets while it warms up; null where it does not. HAProxy: <c>throttle</c>, <c>current_throttle</c>.</summary>
    public int? WarmUpPercent { get; internal init; }

    /// <summary>Checks that failed while it was up. HAProxy: <c>chkfail</c>, <c>check_failures_total</c>.</summary>
    public long FailedChecks { get; internal init; }

    /// <summary>How often so many of its clients' own requests failed in a row that it was acted upon. HAProxy: <c>hanafail</c>.</summary>
    public long Reactions { get; internal init; }

    /// <summary>How often it went down; being taken out is no such time for a server. HAProxy: <c>chkdown</c>, <c>check_up_down_total</c>.</summary>
    public long Downs { get; internal init; }

    /// <summary>How long it was down in all, until now where it is. HAProxy: <c>downtime</c>, <c>downtime_seconds_total</c>.</summary>
    public TimeSpan Downtime { get; internal init; }

    /// <summary>How long ago its state last changed, or began. HAProxy: <c>lastchg</c>, <c>check_last_change_seconds</c>.</summary>
    public TimeSpan SinceLastChange { get; internal init; }

    /// <summary>What its last check found, as HAProxy's code; null before the first. HAProxy: <c>check_status</c>, <c>check_status</c>.</summary>
    public string? CheckStatus { get; internal init; }

    /// <summary>The status or exit code that its last check got; null for none. HAProxy: <c>check_code</c>, <c>check_code</c>.</summary>
    public int? CheckCode { get; internal init; }

    /// <summary>How long its last check took; null before the first. HAProxy: <c>check_duration</c>, <c>check_duration_seconds</c>.</summary>
    public TimeSpan? CheckDuration { get; internal init; }

    /// <summary>What its agent last came to, as HAProxy's code; null before the first answer. HAProxy: <c>agent_status</c>, <c>agent_status</c>.</summary>
    public string? AgentStatus { get; internal init; }

    /// <summary>How long that took; null before the first. HAProxy: <c>agent_duration</c>, <c>agent_duration_seconds</c>.</summary>
    public TimeSpan? AgentDuration { get; internal init; }

    /// <summary>Idle connections to it that clients share. HAProxy: <c>srv_icur</c>, <c>idle_connections_current</c>.</summary>
    public int IdleConnections { get; internal init; }

    /// <summary>How many there may be; null for no limit. HAProxy: <c>src_ilim</c>, <c>idle_connections_limit</c>.</summary>
    public int? IdleConnectionLimit { get; internal init; }

    /// <summary>How often a rule could not change what it was to change. HAProxy: <c>wrew</c>, <c>failed_header_rewriting_total</c>.</summary>
    public long FailedRewrites { get; internal init; }

    /// <summary>What failed within the proxy, or in code of its user. HAProxy: <c>eint</c>, <c>internal_errors_total</c>.</summary>
    public long InternalErrors { get; internal init; }
}
