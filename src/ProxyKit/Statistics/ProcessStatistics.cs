namespace ProxyKit.Statistics;

/// <summary>What has come to a proxy as a whole.</summary>
public readonly record struct ProcessStatistics
{
    /// <summary>How long ago it was started. HAProxy: <c>Uptime_sec</c>, <c>uptime_seconds</c>.</summary>
    public TimeSpan Uptime { get; internal init; }

    /// <summary>Whether it accepts no more and waits for what is under way. HAProxy: <c>Stopping</c>, <c>stopping</c>.</summary>
    public bool IsStopping { get; internal init; }

    /// <summary>How many addresses it listens on. HAProxy: <c>Listeners</c>, <c>listeners</c>.</summary>
    public int Listeners { get; internal init; }

    /// <summary>Client connections now. HAProxy: <c>CurrConns</c>, <c>current_connections</c>.</summary>
    public int CurrentConnections { get; internal init; }

    /// <summary>The most of those there were at once.</summary>
    public int MaxConnections { get; internal init; }

    /// <summary>How many there may be at once. HAProxy: <c>Maxconn</c>, <c>max_connections</c>.</summary>
    public int ConnectionLimit { get; internal init; }

    /// <summary>Client connections that were accepted. HAProxy: <c>CumConns</c>, <c>connections_total</c>.</summary>
    public long Connections { get; internal init; }

    /// <summary>Those of the last second. HAProxy: <c>ConnRate</c>, <c>current_connection_rate</c>.</summary>
    public int ConnectionRate { get; internal init; }

    /// <summary>The most of them in one second. HAProxy: <c>MaxConnRate</c>, <c>max_connection_rate</c>.</summary>
    public int MaxConnectionRate { get; internal init; }

    /// <summary>Sessions of the last second. HAProxy: <c>SessRate</c>, <c>current_session_rate</c>.</summary>
    public int SessionRate { get; internal init; }

    /// <summary>The most of them in one second. HAProxy: <c>MaxSessRate</c>, <c>max_session_rate</c>.</summary>
    public int MaxSessionRate { get; internal init; }

    /// <summary>Requests, those included that could not be read. HAProxy: <c>CumReq</c>, <c>requests_total</c>.</summary>
    public long Requests { get; internal init; }

    /// <summary>Client connections over TLS now. HAProxy: <c>CurrSslConns</c>, <c>current_ssl_connections</c>.</summary>
    public int CurrentTlsConnections { get; internal init; }

    /// <summary>Client connections whose TLS handshake went well. HAProxy: <c>CumSslConns</c>, <c>ssl_connections_total</c>.</summary>
    public long TlsConnections { get; internal init; }

    /// <summary>Those of the last second. HAProxy: <c>SslRate</c>, <c>current_ssl_rate</c>.</summary>
    public int TlsRate { get; internal init; }

    /// <summary>The most of them in one second. HAProxy: <c>MaxSslRate</c>, <c>max_ssl_rate</c>.</summary>
    public int MaxTlsRate { get; internal init; }
}
