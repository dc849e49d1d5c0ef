namespace ProxyKit.Statistics;

/// <summary>What has come in at one bind of a frontend, and how it went. A bind whose address changes starts anew.</summary>
public sealed record ListenerStatistics : IncomingStatistics
{
    internal ListenerStatistics(in TrafficReading traffic)
        : base(traffic)
    {
    }

    /// <summary>The frontend's name. HAProxy: <c>pxname</c>.</summary>
    public string Frontend { get; internal init; } = "";

    /// <summary>Its name; <c>sock-1</c> and so on where it has none. HAProxy: <c>svname</c>.</summary>
    public string Name { get; internal init; } = "";

    /// <summary><c>OPEN</c>, or <c>FULL</c> while it has as many connections as it may. HAProxy: <c>status</c>, <c>status</c>.</summary>
    public string Status { get; internal init; } = "";

    /// <summary>Client connections that were accepted. HAProxy: <c>conn_tot</c>.</summary>
    public long Connections { get; internal init; }
}
