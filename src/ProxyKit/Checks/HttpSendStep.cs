namespace ProxyKit.Checks;

/// <summary>Sends a request. HAProxy: <c>http-check send</c>.</summary>
public sealed class HttpSendStep : CheckStep
{
    /// <summary>The method.</summary>
    public string Method { get; init; } = "OPTIONS";

    /// <summary>The target: a path with its query, or a full URI.</summary>
    public string Target { get; init; } = "/";

    /// <summary>The version. HTTP/1.1 asks for a <c>Host</c> among the fields, and gets <c>Connection: close</c>.</summary>
    public string Version { get; init; } = "HTTP/1.0";

    /// <summary>The header fields, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body; its length is told by itself.</summary>
    /// <value>Null by default: none.</value>
    public string? Body { get; init; }
}
