using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What an <c>http-check send</c> line says; null stands for what it does not say.</summary>
internal sealed class HttpSendWords
{
    public string? Method { get; set; }

    public string? Target { get; set; }

    public Expression? TargetFormat { get; set; }

    public string? Version { get; set; }

    public List<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>Those whose values are made anew for each check; once there is one, all that follow, so that their order stays.</summary>
    public List<KeyValuePair<string, Expression>> HeaderFormats { get; } = [];

    public string? Body { get; set; }

    public Expression? BodyFormat { get; set; }

    public string? Comment { get; set; }

    /// <summary>The request that it makes, where another says what it does not.</summary>
    public HttpSendStep Over(HttpSendStep other) => new()
    {
        Method = Method ?? other.Method,
        Target = Target ?? other.Target,
        TargetFormat = TargetFormat,
        Version = Version ?? other.Version,
        Headers = HasFields ? Headers : other.Headers,
        HeaderFormats = HasFields ? HeaderFormats : other.HeaderFormats,
        Body = Body ?? other.Body,
        BodyFormat = BodyFormat,
        Comment = Comment,
    };

    private bool HasFields => Headers.Count + HeaderFormats.Count > 0;

    /// <summary>Adds a field to those it belongs to.</summary>
    public static void Add(string name, CheckFormat value, List<KeyValuePair<string, string>> headers, List<KeyValuePair<string, Expression>> formats)
    {
        if (value.Text is { } text && formats.Count == 0)
        {
            headers.Add(new(name, text));
        }
        else
        {
            formats.Add(new(name, value.Made ?? Value.Text(value.Text ?? "")));
        }
    }
}
