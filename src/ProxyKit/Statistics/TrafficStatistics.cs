namespace ProxyKit.Statistics;

/// <summary>What frontends, binds, backends and servers have in common: what has come by there.</summary>
/// <remarks>Counts only grow, and go on over reloads as long as the name stays. What is current is of one moment; rates are of the last second, and a maximum is the most there was since
/// the proxy started. Docs: <c>docs/statistics.md</c>.</remarks>
public abstract record TrafficStatistics
{
    private protected TrafficStatistics(in TrafficReading traffic)
    {
        BytesIn = traffic.BytesIn;
        BytesOut = traffic.BytesOut;
        DeniedResponses = traffic[TrafficEvent.DeniedResponse];
        FailedRewrites = traffic[TrafficEvent.FailedRewrite];
        InternalErrors = traffic[TrafficEvent.InternalError];
    }

    /// <summary>The most of those there were at once. HAProxy: <c>smax</c>, <c>max_sessions</c>.</summary>
    public int MaxSessions { get; internal init; }

    /// <summary>Bytes that clients sent, counted when an exchange or a tunnel ends. HAProxy: <c>bin</c>, <c>bytes_in_total</c>.</summary>
    public long BytesIn { get; }

    /// <summary>Bytes that clients were sent, counted when an exchange or a tunnel ends. HAProxy: <c>bout</c>, <c>bytes_out_total</c>.</summary>
    public long BytesOut { get; }

    /// <summary>Responses that rules refused. HAProxy: <c>dresp</c>, <c>responses_denied_total</c>.</summary>
    public long DeniedResponses { get; }

    /// <summary>How often a rule could not change what it was to change. HAProxy: <c>wrew</c>, <c>failed_header_rewriting_total</c>.</summary>
    public long FailedRewrites { get; }

    /// <summary>What failed within the proxy, or in code of its user. HAProxy: <c>eint</c>, <c>internal_errors_total</c>.</summary>
    public long InternalErrors { get; }
}
