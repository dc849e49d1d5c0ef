namespace ProxyKit.Rules;

/// <summary>The places where an expression may be asked, in the order in which an exchange comes by them.</summary>
[Flags]
internal enum RuleStages
{
    None = 0,
    Connection = 1 << 0,
    Session = 1 << 1,
    FrontendContent = 1 << 2,
    FrontendRequest = 1 << 3,
    FrontendRequestBody = 1 << 4,
    Route = 1 << 5,
    BackendContent = 1 << 6,
    BackendRequest = 1 << 7,
    BackendRequestBody = 1 << 8,
    Balance = 1 << 9,
    ServerConnect = 1 << 10,
    BackendResponseContent = 1 << 11,
    BackendResponse = 1 << 12,
    BackendResponseBody = 1 << 13,
    StoreResponse = 1 << 14,
    FrontendResponseContent = 1 << 15,
    FrontendResponse = 1 << 16,
    FrontendResponseBody = 1 << 17,
    Log = 1 << 18,
    Check = 1 << 19,
    Startup = 1 << 20,
    Command = 1 << 21,

    // What is known where: the codes that fetches are documented with.

    /// <summary>Constants and facts of the process.</summary>
    Always = (1 << 22) - 1,

    /// <summary>The proxy's own state.</summary>
    Internal = Always & ~Startup,

    /// <summary>Of the frontend and the listener.</summary>
    OfFrontend = Internal & ~Check & ~Command,

    /// <summary>Of the client's connection.</summary>
    OfClient = Internal & ~Command,

    /// <summary>Of the client's connection behind its handshakes.</summary>
    OfClientTls = OfFrontend & ~Connection,

    /// <summary>Of the request, and kept for the response and the log.</summary>
    OfRequestKept = OfClientTls & ~Session,

    /// <summary>Of the request's head, body and bytes.</summary>
    OfRequest = FrontendContent | FrontendRequest | FrontendRequestBody | Route | BackendContent | BackendRequest | BackendRequestBody
        | Balance | ServerConnect,

    /// <summary>Of the response's head, body and bytes.</summary>
    OfResponse = BackendResponseContent | BackendResponse | BackendResponseBody | StoreResponse | FrontendResponseContent
        | FrontendResponse | FrontendResponseBody | Check,

    /// <summary>Of the request or of the response, whichever is under way.</summary>
    OfEither = OfRequest | OfResponse,

    /// <summary>Of the backend.</summary>
    OfBackend = OfServerConnection | BackendContent | BackendRequest | BackendRequestBody | Balance | ServerConnect,

    /// <summary>Counts of the response's bytes.</summary>
    OfTransfer = (OfServerConnection & ~Check) | Balance | ServerConnect,

    /// <summary>Of the server that was chosen.</summary>
    OfServer = OfServerConnection | ServerConnect,

    /// <summary>Of the server's connection, and of the response's status line.</summary>
    OfServerConnection = OfResponse | Log,
}
