using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The bodies of request and response as far as they are here: rules that need all of one wait for it first.</summary>
internal static class BodyFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("res.body", SampleType.Binary, RuleStages.OfResponse, static (RuleContext context, ref Sample sample) =>
            MessageHeads.TryGetResponse(context, out _) && sample.SetBinary(context.ResponseBody.Span)),
        Fetch.Of("res.body_len", SampleType.Integer, RuleStages.OfResponse, static (RuleContext context, ref Sample sample) =>
            MessageHeads.TryGetResponse(context, out _) && sample.Set(context.ResponseBody.Length)),
        Fetch.Of("res.body_size", SampleType.Integer, RuleStages.OfResponse, static (RuleContext context, ref Sample sample) =>
            MessageHeads.TryGetResponse(context, out var response)
            && sample.Set(response.Framing == BodyFraming.Length ? (long)response.ContentLength : context.ResponseBody.Length)),
        Fetch.Of("req.body", SampleType.Binary, RuleStages.OfRequest, static (RuleContext context, ref Sample sample) =>
            MessageHeads.TryGetRequest(context, out _) && sample.SetBinary(context.ArrivedBody)),
        Fetch.Of("req.body_len", SampleType.Integer, RuleStages.OfRequest, static (RuleContext context, ref Sample sample) =>
            MessageHeads.TryGetRequest(context, out _) && sample.Set(context.ArrivedBody.Length)),
        Fetch.Of("req.body_size", SampleType.Integer, RuleStages.OfRequest, Size),

        // As binary, so that a condition has to say how to compare: that is how HAProxy has it.
        Fetch.Of(
            "req.body_param",
            SampleType.Binary,
            RuleStages.OfRequest,
            static use => new ParameterLookup(use, isOfBody: true).TryGet,
            Fetch.Optional("name"),
            Fetch.Optional("i")),
    ];

    /// <summary>The length that was announced, else that of what is here.</summary>
    private static bool Size(RuleContext context, ref Sample sample) =>
        MessageHeads.TryGetRequest(context, out var request)
        && sample.Set(request.Framing == BodyFraming.Length ? (long)request.ContentLength : context.ArrivedBody.Length);
}
