namespace ProxyKit.Rules.Actions;

/// <summary>The lists that rules stand in, each asked at its time.</summary>
[Flags]
internal enum RulePhases
{
    None = 0,

    /// <summary>Right after a connection was accepted. HAProxy: <c>tcp-request connection</c>.</summary>
    Connection = 1,

    /// <summary>Behind the handshakes. HAProxy: <c>tcp-request session</c>.</summary>
    Session = 2,

    /// <summary>On what the client has sent. HAProxy: <c>tcp-request content</c>.</summary>
    Content = 4,

    /// <summary>On what the server has sent. HAProxy: <c>tcp-response content</c>.</summary>
    ResponseContent = 8,

    /// <summary>On a request. HAProxy: <c>http-request</c>.</summary>
    Request = 16,

    /// <summary>On a server's response. HAProxy: <c>http-response</c>.</summary>
    Response = 32,

    /// <summary>On every response, the proxy's own included. HAProxy: <c>http-after-response</c>.</summary>
    AfterResponse = 64,

    Everywhere = 127,
}
