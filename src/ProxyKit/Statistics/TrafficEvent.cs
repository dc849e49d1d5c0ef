namespace ProxyKit.Statistics;

/// <summary>What is counted of the traffic of frontends, listeners, backends and servers. Those above the line are counted where they happen; those below it
/// are what an exchange or a tunnel leaves behind in its end.</summary>
internal enum TrafficEvent
{
    /// <summary>A client connection was accepted.</summary>
    Connection,

    /// <summary>A client connection came to be a session; or a request, or connection, came to a backend or a server.</summary>
    Session,

    /// <summary>A request came to a frontend.</summary>
    Request,

    /// <summary>A rule refused a connection.</summary>
    DeniedConnection,

    /// <summary>A rule refused a session.</summary>
    DeniedSession,

    /// <summary>An attempt was repeated at the same server.</summary>
    Retry,

    /// <summary>An attempt left its server for another one.</summary>
    Redispatch,

    /// <summary>Balancing chose the server.</summary>
    Selection,

    /// <summary>A connection to the server was asked for.</summary>
    Connect,

    /// <summary>A request was sent on a connection that was there.</summary>
    Reuse,

    // ---- left behind in the end

    /// <summary>A request was answered, or came to nothing: backends and servers.</summary>
    Ended,

    /// <summary>A response of a class that is none.</summary>
    OtherResponse,

    /// <summary>A response of the class 1xx; those of the others follow in their order.</summary>
    InformationalResponse,

    SuccessfulResponse,

    Redirection,

    ClientErrorResponse,

    ServerErrorResponse,

    /// <summary>A rule refused a request.</summary>
    DeniedRequest,

    /// <summary>A rule refused a response.</summary>
    DeniedResponse,

    /// <summary>A request could not be read, or did not come in time.</summary>
    RequestError,

    /// <summary>No server, or no connection to one, could be had.</summary>
    ConnectionError,

    /// <summary>A server's response was none, or did not come in time.</summary>
    ResponseError,

    /// <summary>The client went away.</summary>
    ClientAbort,

    /// <summary>The server broke a response off.</summary>
    ServerAbort,

    /// <summary>Something failed within the proxy, or in a user's code.</summary>
    InternalError,

    /// <summary>The frontend answered by itself.</summary>
    Intercepted,

    /// <summary>A rule could not change what it was to change. There may be several in an exchange.</summary>
    FailedRewrite,
}
