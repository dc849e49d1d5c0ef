using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>Waits for a time.</summary>
internal sealed class PauseAction(Expression? milliseconds, TimeSpan time) : RuleAction
{
    /// <summary>The client has left meanwhile, or the exchange was given up.</summary>
    private static readonly RuleVerdict Gone = new(VerdictKind.Reject, -1) { IsEndOfWait = true };

    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response;

    public override string ToString() => milliseconds is null ? $"pause {time.TotalMilliseconds:0}" : $"pause {RuleWords.Value(milliseconds)}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var expression = milliseconds?.Compile(compiler);
        return new(static _ => RuleOutcome.Wait, async (context, host) =>
        {
            var pause = expression is null ? time : TimeOf(context, expression);
            if (pause <= TimeSpan.Zero || await host.DelayAsync(pause).ConfigureAwait(false))
            {
                return RuleOutcome.Next;
            }

            context.Verdict ??= Gone;
            return RuleOutcome.Final;
        });
    }

    private static TimeSpan TimeOf(RuleContext context, CompiledExpression expression)
    {
        var sample = default(Sample);
        return expression.TryEvaluate(context, SampleType.Integer, ref sample)
            ? TimeSpan.FromMilliseconds((int)Math.Clamp(sample.Integer, 0, int.MaxValue))
            : TimeSpan.Zero;
    }
}
