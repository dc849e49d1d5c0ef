namespace ProxyKit.Rules.Actions;

/// <summary>Waits for the request's body, so that rules behind this one can look at it.</summary>
internal sealed class WaitForBodyAction(TimeSpan? limit, int? atLeast) : RuleAction
{
    private static readonly RuleVerdict TooSlow = new(VerdictKind.TimedOut, 408);
    private static readonly RuleVerdict Broken = new(VerdictKind.Failure, 400);

    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() =>
        $"wait-for-body time {limit?.TotalMilliseconds ?? 0:0}{(atLeast is { } bytes ? $" at-least {bytes}" : "")}";

    internal override CompiledAction Compile(RuleCompiler compiler) => new(
        context => context.IsRequestBodyComplete || context.RequestBody.Length >= (atLeast ?? int.MaxValue) ? RuleOutcome.Next : RuleOutcome.Wait,
        async (context, host) =>
        {
            var wait = await host.WaitForBodyAsync(atLeast, limit).ConfigureAwait(false);
            if (wait == BodyWait.Done)
            {
                return RuleOutcome.Next;
            }

            context.Verdict = wait == BodyWait.TimedOut ? TooSlow : Broken;
            return RuleOutcome.Final;
        });
}
