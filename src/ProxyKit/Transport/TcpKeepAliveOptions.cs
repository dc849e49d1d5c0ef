namespace ProxyKit.Transport;

/// <summary>How the system finds out that the peer of a silent TCP connection is gone: it asks it now and then, and closes what nobody answers on. HAProxy:
/// <c>option tcpka</c>.</summary>
public sealed class TcpKeepAliveOptions
{
    /// <summary>How long a connection is silent before it is asked for the first time. HAProxy: <c>clitcpka-idle</c>, <c>srvtcpka-idle</c>.</summary>
    /// <value>Null by default: as the system has it, which is two hours on Linux. Whole seconds from 1 to 32767.</value>
    public TimeSpan? Idle { get; set; }

    /// <summary>How long after a question the next one follows. HAProxy: <c>clitcpka-intvl</c>, <c>srvtcpka-intvl</c>.</summary>
    /// <value>Null by default: as the system has it. Whole seconds from 1 to 32767.</value>
    public TimeSpan? Interval { get; set; }

    /// <summary>After how many questions without an answer the connection is closed. HAProxy: <c>clitcpka-cnt</c>, <c>srvtcpka-cnt</c>.</summary>
    /// <value>Null by default: as the system has it. 1 to 127.</value>
    public int? Probes { get; set; }
}
