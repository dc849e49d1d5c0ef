using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The response's status line.</summary>
internal static class ResponseFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("status", SampleType.Integer, RuleStages.OfServerConnection, static (RuleContext context, ref Sample sample) =>
            MessageHeads.TryGetResponse(context, out var response) && sample.Set(response.Status)),
        .. Fetch.Of("res.ver", SampleType.String, RuleStages.OfServerConnection, static (RuleContext context, ref Sample sample) =>
            MessageHeads.TryGetResponse(context, out var response) && sample.SetString(RequestLineFetches.NameOf(response.Protocol)))
            .AlsoAs("resp_ver"),
    ];
}
