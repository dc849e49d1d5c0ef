using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Explaining;

/// <summary>An action that tells a trace what it changes.</summary>
internal static class TracedAction
{
    public static CompiledAction Of(RuleTrace trace, int index, RuleAction written, CompiledAction compiled) => new(
        context =>
        {
            var rule = trace.BeginRule(index);
            var before = new ContextFacts(context, trace.Variables);
            rule.Fate = RuleFate.Failed; // unless it comes back
            var outcome = compiled.Run(context);
            rule.Fate = RuleFate.Fired;
            if (outcome == RuleOutcome.Wait && written is (UserAction or UseServiceAction or ResolveAction))
            {
                rule.Note(written is ResolveAction
                    ? "asks nameservers, which is not done here, so what they would say is not known"
                    : "is code that may wait: it is not run here, so what it would do is not known");
                trace.NoteUncertain();
                context.Verdict = (written as UseServiceAction)?.Unasked;
                outcome = context.Verdict is null ? RuleOutcome.Next : RuleOutcome.Final;
            }

            Tell(trace, rule, before, context);
            return outcome;
        },
        async (context, host) =>
        {
            var rule = trace.BeginRule(index);
            var before = new ContextFacts(context, trace.Variables);
            rule.Fate = RuleFate.Failed;
            var outcome = await compiled.RunAsync(context, host).ConfigureAwait(false);
            rule.Fate = RuleFate.Fired;
            Tell(trace, rule, before, context);
            return outcome;
        });

    private static void Tell(RuleTrace trace, ExplainedRule rule, ContextFacts before, RuleContext context)
    {
        var after = new ContextFacts(context, trace.Variables);
        foreach (var effect in after.Since(before))
        {
            rule.Add(effect);
        }

        if (after.FailedRewrites > before.FailedRewrites)
        {
            rule.Note("the edit could not be made");
        }
    }
}
