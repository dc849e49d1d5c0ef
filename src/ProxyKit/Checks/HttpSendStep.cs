using ProxyKit.Rules.Expressions;

namespace ProxyKit.Checks;

/// <summary>Sends a request. HAProxy: <c>http-check send</c>.</summary>
public sealed class HttpSendStep : CheckStep
{
    /// <summary>The method.</summary>
    public string Method { get; init; } = "OPTIONS";

    /// <summary>The target: a path with its query, or a full URI.</summary>
    public string Target { get; init; } = "/";

    /// <summary>The target, made anew for each check, in the place of <see cref="Target"/>. HAProxy: <c>uri-lf</c>.</summary>
    /// <value>Null by default.</value>
    public Expression? TargetFormat { get; init; }

    /// <summary>The version. HTTP/1.1 asks for a <c>Host</c> among the fields, and gets <c>Connection: close</c>.</summary>
    public string Version { get; init; } = "HTTP/1.0";

    /// <summary>The header fields, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    /// <summary>More header fields, whose values are made anew for each check; behind <see cref="Headers"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, Expression>> HeaderFormats { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    /// <summary>The body; its length is told by itself.</summary>
    /// <value>Null by default: none.</value>
    public string? Body { get; init; }

    /// <summary>The body, made anew for each check, in the place of <see cref="Body"/>. HAProxy: <c>body-lf</c>.</summary>
    /// <value>Null by default.</value>
    public Expression? BodyFormat { get; init; }

    /// <summary>The same request with other fields.</summary>
    internal HttpSendStep With(IReadOnlyList<KeyValuePair<string, string>> headers, IReadOnlyList<KeyValuePair<string, Expression>> formats) => new()
    {
        Method = Method,
        Target = Target,
        TargetFormat = TargetFormat,
        Version = Version,
        Headers = headers,
        HeaderFormats = formats,
        Body = Body,
        BodyFormat = BodyFormat,
        Comment = Comment,
    };
}
