namespace ProxyKit.Rules.Actions;

/// <summary>Waits for the body of the request, or in the lists about responses for that of the response, so that rules behind this one can look
/// at it.</summary>
internal sealed class WaitForBodyAction(TimeSpan? limit, int? atLeast) : RuleAction
{
    private static readonly RuleVerdict TooSlow = new(VerdictKind.TimedOut, 408);
    private static readonly RuleVerdict ServerTooSlow = new(VerdictKind.TimedOut, 504);
    private static readonly RuleVerdict Broken = new(VerdictKind.Failure, 400);

    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response;

    public override string ToString() =>
        $"wait-for-body time {limit?.TotalMilliseconds ?? 0:0}{(atLeast is { } bytes ? $" at-least {bytes}" : "")}";

    internal override CompiledAction Compile(RuleCompiler compiler) => compiler.Phase == RulePhases.Response
        ? new(static _ => RuleOutcome.Wait, async (context, host) => await host.WaitForResponseBodyAsync(atLeast, limit).ConfigureAwait(false) == BodyWait.Done
            ? RuleOutcome.Next
            : End(context, ServerTooSlow))
        : new(
            context => context.IsRequestBodyComplete || context.RequestBody.Length >= (atLeast ?? int.MaxValue) ? RuleOutcome.Next : RuleOutcome.Wait,
            async (context, host) => OutcomeOf(await host.WaitForBodyAsync(atLeast, limit).ConfigureAwait(false), context));

    /// <summary>What the end of a wait for the body of a request comes to.</summary>
    public static RuleOutcome OutcomeOf(BodyWait end, RuleContext context) => end switch
    {
        BodyWait.Done => RuleOutcome.Next,
        BodyWait.TimedOut => End(context, TooSlow),
        _ => End(context, Broken),
    };

    private static RuleOutcome End(RuleContext context, RuleVerdict verdict)
    {
        context.Verdict = verdict;
        return RuleOutcome.Final;
    }
}
