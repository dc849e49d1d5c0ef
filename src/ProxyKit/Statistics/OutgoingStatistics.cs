namespace ProxyKit.Statistics;

/// <summary>What has gone to servers: to all of a backend, or to one of them.</summary>
public abstract record OutgoingStatistics : TrafficStatistics
{
    private protected OutgoingStatistics(in TrafficReading traffic, in UpDownReading history)
        : base(traffic)
    {
        ResponseErrors = traffic[TrafficEvent.ResponseError];
        ClientAborts = traffic[TrafficEvent.ClientAbort];
        ServerAborts = traffic[TrafficEvent.ServerAbort];
        Retries = traffic[TrafficEvent.Retry];
        Redispatches = traffic[TrafficEvent.Redispatch];
        Connects = traffic[TrafficEvent.Connect];
        Reuses = traffic[TrafficEvent.Reuse];
        SessionRate = traffic.Sessions.Now;
        MaxSessionRate = traffic.Sessions.Most;
        Times = traffic.Times;
        SinceLastSession = traffic.SinceLastSession;
        Downs = history.Downs;
        Downtime = history.Downtime;
        SinceLastChange = history.SinceChange;
    }

    /// <summary>The most of those there were at once. HAProxy: <c>qmax</c>, <c>max_queue</c>.</summary>
    public int MaxQueued { get; internal init; }

    /// <summary>Responses that were none, broke off, or did not come in time. HAProxy: <c>eresp</c>, <c>response_errors_total</c>.</summary>
    public long ResponseErrors { get; }

    /// <summary>Clients that went away, or were too slow, once their request had come. HAProxy: <c>cli_abrt</c>, <c>client_aborts_total</c>.</summary>
    public long ClientAborts { get; }

    /// <summary>Responses and TCP connections that the server broke off, or was too slow for. HAProxy: <c>srv_abrt</c>, <c>server_aborts_total</c>.</summary>
    public long ServerAborts { get; }

    /// <summary>Attempts that were repeated at the same server. HAProxy: <c>wretr</c>, <c>retry_warnings_total</c>.</summary>
    public long Retries { get; }

    /// <summary>Attempts that left a server for another one. HAProxy: <c>wredis</c>, <c>redispatch_warnings_total</c>.</summary>
    public long Redispatches { get; }

    /// <summary>Connections that were asked for. HAProxy: <c>connect</c>, <c>connection_attempts_total</c>.</summary>
    public long Connects { get; }

    /// <summary>Requests that went over a connection that was there. HAProxy: <c>reuse</c>, <c>connection_reuses_total</c>.</summary>
    public long Reuses { get; }

    /// <summary>Sessions of the last second. HAProxy: <c>rate</c>.</summary>
    public int SessionRate { get; }

    /// <summary>The most of them in one second. HAProxy: <c>rate_max</c>, <c>max_session_rate</c>.</summary>
    public int MaxSessionRate { get; }

    /// <summary>How long requests took, those of them that got a response; TCP connections, those that reached a server. HAProxy: <c>qtime</c>, <c>queue_time_average_seconds</c>.</summary>
    public TimeStatistics Times { get; }

    /// <summary>How long ago a request or connection was last given to a server; null for never. HAProxy: <c>lastsess</c>, <c>last_session_seconds</c>.</summary>
    public TimeSpan? SinceLastSession { get; }

    /// <summary>How often it went down; being taken out is no such time for a server. HAProxy: <c>chkdown</c>, <c>check_up_down_total</c>.</summary>
    public long Downs { get; }

    /// <summary>How long it was down in all, until now where it is. HAProxy: <c>downtime</c>, <c>downtime_seconds_total</c>.</summary>
    public TimeSpan Downtime { get; }

    /// <summary>How long ago its state last changed, or began. HAProxy: <c>lastchg</c>, <c>check_last_change_seconds</c>.</summary>
    public TimeSpan SinceLastChange { get; }
}
