namespace ProxyKit.Backends;

/// <summary>What an attempt may fail with so that another one follows. HAProxy: <c>retry-on</c>.</summary>
[Flags]
public enum RetryCauses
{
    /// <summary>Nothing. HAProxy: <c>none</c>.</summary>
    None = 0,

    /// <summary>No connection could be had, TLS included: nothing was sent. HAProxy: <c>conn-failure</c>.</summary>
    ConnectFailure = 1,

    /// <summary>The server closed the connection behind the request and sent nothing. HAProxy: <c>empty-response</c>.</summary>
    EmptyResponse = 2,

    /// <summary>What it sent is no response. HAProxy: <c>junk-response</c>.</summary>
    JunkResponse = 4,

    /// <summary>No response came in time. HAProxy: <c>response-timeout</c>.</summary>
    ResponseTimeout = 8,
}
