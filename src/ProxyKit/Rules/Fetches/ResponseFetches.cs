using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The response's status line.</summary>
internal static class ResponseFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("status", SampleType.Integer, RuleStages.OfServerConnection, static use => UntilItIsGone(
            use, static (RuleContext context, ref Sample sample) =>
                MessageHeads.TryGetResponse(context, out var response) && sample.Set(response.Status))),
        .. Fetch.Of("res.ver", SampleType.String, RuleStages.OfServerConnection, static use => UntilItIsGone(
            use, static (RuleContext context, ref Sample sample) =>
                MessageHeads.TryGetResponse(context, out var response) && sample.SetString(RequestLineFetches.NameOf(response.Protocol))))
            .AlsoAs("resp_ver"),
    ];

    /// <summary>By the time of the log the response was passed on: then there is no sample, though the fetch may stand there.</summary>
    private static SampleFetch UntilItIsGone(KeywordUse use, SampleFetch fetch) =>
        use.Compiler.Stages == RuleStages.Log ? static (RuleContext _, ref Sample _) => false : fetch;
}
