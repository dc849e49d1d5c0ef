namespace ProxyKit;

/// <summary>Steps on the way of a connection and its exchanges that the access log may have lines of. HAProxy: <c>log-steps</c>.</summary>
[Flags]
public enum LogSteps
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A client is connected, and its handshakes are over. <c>%OG</c> is <c>txn_accept</c>.</summary>
    Accept = 1,

    /// <summary>The head of a request is there. HTTP only. <c>txn_request</c></summary>
    Request = 2,

    /// <summary>There is a connection to a server. <c>txn_connect</c></summary>
    Connect = 4,

    /// <summary>The head of a server's response is there, and on its way to the client. HTTP only. <c>txn_response</c></summary>
    Response = 8,

    /// <summary>The exchange or the tunnel is over. <c>txn_close</c></summary>
    Close = 16,

    /// <summary>All of them.</summary>
    All = Accept | Request | Connect | Response | Close,
}
