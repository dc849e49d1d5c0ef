namespace ProxyKit.Rules.Replies;

/// <summary>Error pages under a name, for several proxies to use. HAProxy: <c>http-errors</c>.</summary>
public sealed class ErrorSectionOptions
{
    /// <summary>The name; unique.</summary>
    public required string Name { get; init; }

    /// <summary>The files, each a whole message, by their statuses: those of <see cref="ErrorPageOptions"/>. HAProxy: <c>errorfile</c>.</summary>
    public IDictionary<int, string> Files { get; } = new Dictionary<int, string>();
}
