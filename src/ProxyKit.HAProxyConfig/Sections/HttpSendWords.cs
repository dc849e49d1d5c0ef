using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What an <c>http-check send</c> or <c>option httpchk</c> line says; null stands for what it does not say.</summary>
internal sealed class HttpSendWords
{
    public string? Method { get; set; }

    public string? Target { get; set; }

    public Expression? TargetFormat { get; set; }

    public string? Version { get; set; }

    public List<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Those whose values are made anew for each check; once there is one, all that follow, so that their order stays.</summary>
    public List<KeyValuePair<string, Expression>> HeaderFormats { get; init; } = [];

    public string? Body { get; set; }

    public Expression? BodyFormat { get; set; }

    public string? Comment { get; set; }

    /// <summary>The words of this line, and for what it does not say those of another.</summary>
    public HttpSendWords Over(HttpSendWords? other) => other is null ? this : new()
    {
        Method = Method ?? other.Method,
        Target = HasTarget ? Target : other.Target,
        TargetFormat = HasTarget ? TargetFormat : other.TargetFormat,
        Version = Version ?? other.Version,
        Headers = HasFields ? Headers : other.Headers,
        HeaderFormats = HasFields ? HeaderFormats : other.HeaderFormats,
        Body = HasBody ? Body : other.Body,
        BodyFormat = HasBody ? BodyFormat : other.BodyFormat,
        Comment = Comment ?? other.Comment,
    };

    /// <summary>The request that the words make.</summary>
    public HttpSendStep ToStep()
    {
        var usual = new HttpSendStep();
        return new HttpSendStep
        {
            Method = Method ?? usual.Method,
            Target = Target ?? usual.Target,
            TargetFormat = TargetFormat,
            Version = Version ?? usual.Version,
            Headers = Headers,
            HeaderFormats = HeaderFormats,
            Body = Body,
            BodyFormat = BodyFormat,
            Comment = Comment,
        };
    }

    private bool HasTarget => Target is not null || TargetFormat is not null;

    private bool HasFields => Headers.Count + HeaderFormats.Count > 0;

    private bool HasBody => Body is not null || BodyFormat is not null;

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
