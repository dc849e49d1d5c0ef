namespace ProxyKit.Statistics;

/// <summary>What a server was given, and how that went.</summary>
public sealed record ServerStatistics : OutgoingStatistics
{
    internal ServerStatistics(in TrafficReading traffic, in UpDownReading history)
        : base(traffic, history)
    {
    }

    /// <summary>The backend's name. HAProxy: <c>pxname</c>.</summary>
    public string Backend { get; internal init; } = "";

    /// <summary>Its name. HAProxy: <c>svname</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>Its state in a word, as <see cref="Backends.Server.Status"/> has it. HAProxy: <c>status</c>, <c>status</c>.</summary>
    public string Status { get; internal init; } = "";

    /// <summary>Requests, or TCP connections, that wait for it and no other. HAProxy: <c>qcur</c>, <c>current_queue</c>.</summary>
    public int Queued { get; internal init; }

    /// <summary>How many may wait so; null for no limit. HAProxy: <c>qlimit</c>, <c>queue_limit</c>.</summary>
    public int? QueueLimit { get; internal init; }

    /// <summary>Requests, or TCP connections, that it works on now. HAProxy: <c>scur</c>, <c>current_sessions</c>.</summary>
    public int CurrentSessions { get; internal init; }

    /// <summary>How many slots it has at this moment; null for no limit. HAProxy: <c>slim</c>, <c>limit_sessions</c>.</summary>
    public int? SessionLimit { get; internal init; }

    /// <summary>Attempts at it: a request that is tried again counts again. HAProxy: <c>stot</c>, <c>sessions_total</c>.</summary>
    public long Sessions { get; internal init; }

    /// <summary>Requests that ended since it could not be connected to, or its own queue was full or took too long. HAProxy: <c>econ</c>, <c>connection_errors_total</c>.</summary>
    public long ConnectionErrors { get; internal init; }

    /// <summary>How often balancing chose it. HAProxy: <c>lbtot</c>, <c>loadbalanced_total</c>.</summary>
    public long Selections { get; internal init; }

    /// <summary>Responses that it gave and that were passed on, or refused by a rule. HAProxy: <c>req_tot</c>.</summary>
    public long Requests { get; internal init; }

    /// <summary>Those by the class of their status, as it sent it. HAProxy: <c>hrsp_1xx</c>, <c>http_responses_total</c>.</summary>
    public ResponseCounts Responses { get; internal init; }

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
}
