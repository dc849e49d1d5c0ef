using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Tiers;

namespace ProxyKit.Rules.Fetches;

/// <summary>What the tiers of the frontend have found: from routes on, and in what answers a request that they refuse.</summary>
internal static class TierFetches
{
    private const RuleStages Known = RuleStages.OfRequestKept;

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("tier", SampleType.String, Known, static (RuleContext context, ref Sample sample) =>
            context.Admission.Plan is { } plan && Fetch.SetText(context, ref sample, plan.Name)),
        Fetch.Of("tier_client", SampleType.String, Known, static (RuleContext context, ref Sample sample) =>
            !context.Admission.Key.IsEmpty && sample.SetString(context.Admission.Key.Span)),
        Fetch.Of("tier_units", SampleType.Integer, Known, static (RuleContext context, ref Sample sample) =>
            context.Admission.Outcome == TierOutcome.Admitted && sample.Set(context.Admission.Charge ?? context.Admission.Units)),
        Fetch.Of("tier_window", SampleType.String, Known, static (RuleContext context, ref Sample sample) =>
            context.Admission.RefusedBy is { } window && Fetch.SetText(context, ref sample, window.Name)),
        Fetch.Of("tier_retry_after", SampleType.Integer, Known, static (RuleContext context, ref Sample sample) =>
            context.Admission is { Outcome: TierOutcome.Refused, RetryIn: < long.MaxValue and var wait }
            && sample.Set(Math.Max(1, RateLimitFields.Seconds(wait)))),
        Fetch.Of("tier_remaining", SampleType.Integer, Known, static use =>
        {
            var name = use.Arguments.Text(0);
            return (RuleContext context, ref Sample sample) => Remaining(context.Admission, name, ref sample);
        }, new KeywordArgument("window")),
    ];

    private static bool Remaining(Admission admission, string name, ref Sample sample)
    {
        if (admission is { Plan: { } plan, Outcome: TierOutcome.Admitted or TierOutcome.Refused })
        {
            for (var i = 0; i < plan.Windows.Length; i++)
            {
                if (plan.Windows[i].Name == name && admission.FreeOf(i) < long.MaxValue)
                {
                    return sample.Set(admission.FreeOf(i));
                }
            }
        }

        return false;
    }
}
