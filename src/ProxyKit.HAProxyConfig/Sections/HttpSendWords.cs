using ProxyKit.Checks;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What an <c>http-check send</c> line says; null stands for what it does not say.</summary>
internal sealed class HttpSendWords
{
    public string? Method { get; set; }

    public string? Target { get; set; }

    public string? Version { get; set; }

    public List<KeyValuePair<string, string>> Headers { get; } = [];

    public string? Body { get; set; }

    public string? Comment { get; set; }

    /// <summary>The request that it makes, where another says what it does not.</summary>
    public HttpSendStep Over(HttpSendStep other) => new()
    {
        Method = Method ?? other.Method,
        Target = Target ?? other.Target,
        Version = Version ?? other.Version,
        Headers = Headers.Count > 0 ? Headers : other.Headers,
        Body = Body ?? other.Body,
        Comment = Comment,
    };
}
