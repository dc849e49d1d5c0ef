using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>What is kept of a request and its response for the log: slots that rules fill, and the request line as it came.</summary>
internal static class CaptureFetches
{
    private const int MaxRequestLine = 1023; // HAProxy: tune.http.logurilen, 1024, less one; the method counts

    private static readonly KeywordArgument Index = new("idx", ArgumentKind.Integer);

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("capture.req.hdr", SampleType.String, RuleStages.OfRequestKept, static use => Slot(use, ofRequest: true), Index),
        Fetch.Of("capture.res.hdr", SampleType.String, RuleStages.OfServerConnection, static use => Slot(use, ofRequest: false), Index),
        Fetch.Of("capture.req.method", SampleType.String, RuleStages.OfRequestKept, static use => OfRequestLine(use, Method)),
        Fetch.Of("capture.req.uri", SampleType.String, RuleStages.OfRequestKept, static use => OfRequestLine(use, Target)),
        Fetch.Of("capture.req.ver", SampleType.String, RuleStages.OfRequestKept, static use => OfRequestLine(use, Version)),
        Fetch.Of("capture.res.ver", SampleType.String, RuleStages.OfRequestKept, ResponseVersion),
    ];

    private static SampleFetch Slot(KeywordUse use, bool ofRequest)
    {
        var slot = use.Arguments.Integer(0);
        if (slot is < 0 or > int.MaxValue)
        {
            throw new RuleFaultException("the index of a capture cannot be negative");
        }

        return (RuleContext context, ref Sample sample) =>
            (ofRequest ? context.RequestCaptures : context.ResponseCaptures).TryGet((int)slot, out var text) && sample.SetString(text);
    }

    /// <summary>What comes of the request line; content rules run before it is kept.</summary>
    private static SampleFetch OfRequestLine(KeywordUse use, SampleFetch fetch) =>
        use.Compiler.Stages == RuleStages.FrontendContent ? static (RuleContext _, ref Sample _) => false : fetch;

    private static bool Method(RuleContext context, ref Sample sample) => TryGetLine(context, out var line) && sample.SetString(FirstWord(line));

    /// <summary>The path and query of the target as it came.</summary>
    private static bool Target(RuleContext context, ref Sample sample)
    {
        if (!TryGetLine(context, out var line))
        {
            return false;
        }

        line = line[..Math.Min(line.Length, MaxRequestLine)];
        var method = FirstWord(line);
        var target = FirstWord(line[method.Length..].TrimStart(" \t"u8));
        var scheme = target.IndexOf("://"u8);
        if (!target.IsEmpty && target[0] != '/' && scheme > 0)
        {
            var path = target[(scheme + 3)..].IndexOfAny((byte)'/', (byte)'?');
            return path >= 0
                ? sample.SetString(target[(scheme + 3 + path)..])
                : !method.SequenceEqual("OPTIONS"u8) && sample.SetString("/"u8); // what an empty path means (RFC 9110 §4.2.3)
        }

        return !target.IsEmpty && target[0] == '/' && sample.SetString(target);
    }

    private static bool Version(RuleContext context, ref Sample sample) =>
        context.Exchange is not null && context.Request is { } request && SetVersion(ref sample, request.Protocol);

    private static bool ResponseVersion(RuleContext context, ref Sample sample) =>
        context.Response is { } response && SetVersion(ref sample, response.Protocol);

    private static bool SetVersion(ref Sample sample, HttpProtocol protocol) => sample.SetString(protocol switch
    {
        HttpProtocol.Http10 => "HTTP/1.0"u8,
        HttpProtocol.Http11 => "HTTP/1.1"u8,
        HttpProtocol.Http2 => "HTTP/2.0"u8,
        _ => "HTTP/3.0"u8,
    });

    /// <summary>The line as it came; a tunnel has given its head back by its end, and keeps the line for the log.</summary>
    public static bool TryGetLine(RuleContext context, out ReadOnlySpan<byte> line)
    {
        line = context.Exchange is not null && context.Request is { } request ? request.StartLineBytes : default;
        if (line.IsEmpty && context.Host is { } host)
        {
            line = host.Describe().RequestLine;
        }

        return !line.IsEmpty;
    }

    public static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> text) =>
        text.IndexOfAny((byte)' ', (byte)'\t') is >= 0 and var end ? text[..end] : text;
}
