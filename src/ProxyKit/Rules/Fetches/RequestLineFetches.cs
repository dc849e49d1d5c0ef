using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The request line: method, target with its parts and parameters, version. They see what earlier rules made of them, and decode
/// nothing.</summary>
internal static class RequestLineFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("method", SampleType.Method, RuleStages.OfRequestKept, Method),
        Fetch.Of("path", SampleType.String, RuleStages.OfRequest, Path).At(static _ => new(SubjectKind.Path)),
        Fetch.Of("pathq", SampleType.String, RuleStages.OfRequest, PathAndQuery),
        Fetch.Of("query", SampleType.String, RuleStages.OfRequest, Query, Fetch.Optional("with_qm")),
        Fetch.Of("url", SampleType.String, RuleStages.OfRequest, Target),
        .. Fetch.Of(
            "urlp",
            SampleType.String,
            RuleStages.OfRequest,
            static use => new ParameterLookup(use, isOfBody: false).TryGet,
            Fetch.Optional("name"),
            Fetch.Optional("delim"),
            Fetch.Optional("i")).AlsoAs("url_param"),
        Fetch.Of(
            "urlp_val",
            SampleType.Integer,
            RuleStages.OfRequest,
            static use => new ParameterLookup(use, isOfBody: false).TryGetNumber,
            Fetch.Optional("name"),
            Fetch.Optional("delim"),
            Fetch.Optional("i")),
        .. Fetch.Of("req.ver", SampleType.String, RuleStages.OfRequestKept, Version).AlsoAs("req_ver"),
        Fetch.Of("unique-id", SampleType.String, RuleStages.Always, static (RuleContext context, ref Sample sample) =>
            context.Frontend?.UniqueId is { } id && sample.SetString(id.For(context))),
        Fetch.Of("http_first_req", SampleType.Boolean, RuleStages.OfRequestKept, IsFirst),
        Fetch.Of("req.proto_http", SampleType.Boolean, RuleStages.OfRequestKept, IsHttp),
        Fetch.Of("req_proto_http", SampleType.Boolean, RuleStages.OfRequestKept, IsHttp),
    ];

    /// <summary>The number of a version, as in <c>1.1</c>.</summary>
    public static ReadOnlySpan<byte> NameOf(HttpProtocol protocol) => protocol switch
    {
        HttpProtocol.Http10 => "1.0"u8,
        HttpProtocol.Http11 => "1.1"u8,
        HttpProtocol.Http2 => "2.0"u8,
        _ => "3.0"u8,
    };

    private static bool Method(RuleContext context, ref Sample sample) =>
        MessageHeads.TryGetKeptRequest(context, out var request)
        && (request.MethodBytes is { IsEmpty: false } method
            ? sample.SetMethod(method)
            : CaptureFetches.TryGetLine(context, out var line) && sample.SetMethod(CaptureFetches.FirstWord(line)));

    private static bool Path(RuleContext context, ref Sample sample) =>
        MessageHeads.TryGetRequest(context, out var request) && TargetParts.HasPath(request) && sample.SetString(request.PathBytes);

    private static bool PathAndQuery(RuleContext context, ref Sample sample) =>
        MessageHeads.TryGetRequest(context, out var request) && TargetParts.HasPath(request)
        && sample.SetString(TargetParts.PathAndQuery(request));

    private static bool Target(RuleContext context, ref Sample sample) =>
        MessageHeads.TryGetRequest(context, out var request) && sample.SetString(request.TargetBytes);

    private static SampleFetch Query(KeywordUse use)
    {
        var withMark = use.Arguments.Text(0) switch
        {
            "" => false,
            "with_qm" => true,
            var other => throw new RuleFaultException($"unknown option '{other}': the only one is 'with_qm'"),
        };
        return (RuleContext context, ref Sample sample) =>
        {
            if (!MessageHeads.TryGetRequest(context, out var request))
            {
                return false;
            }

            var mark = request.TargetBytes.IndexOf((byte)'?');
            if (mark < 0)
            {
                return false;
            }

            var query = request.TargetBytes[(mark + 1)..];
            return sample.SetString(withMark && !query.IsEmpty ? request.TargetBytes[mark..] : query);
        };
    }

    private static bool Version(RuleContext context, ref Sample sample) =>
        MessageHeads.TryGetKeptRequest(context, out var request) && sample.SetString(NameOf(request.Protocol));

    private static bool IsFirst(RuleContext context, ref Sample sample) =>
        context.Exchange is not null && sample.Set(context.IsFirstRequest);

    /// <summary>True or no sample: what is no HTTP is never said to be none.</summary>
    private static bool IsHttp(RuleContext context, ref Sample sample) =>
        MessageHeads.TryGetKeptRequest(context, out _) && sample.Set(true);
}
