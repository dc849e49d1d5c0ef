using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>Counts in, or sets, a counter or tag of the key that a number tracks; nothing where it tracks none, or the table does not store
/// that. HAProxy: <c>sc-inc-gpc</c>, <c>sc-add-gpc</c>, <c>sc-set-gpt</c> and the older forms.</summary>
/// <param name="text">The action in HAProxy's words.</param>
/// <param name="number">The number that tracks.</param>
/// <param name="operand">What is added or set, cast to an integer; null to count one.</param>
/// <param name="apply">What happens to the entry.</param>
internal sealed class StickCounterAction(
    string text, int number, Expression? operand, Action<StickTable, StickEntry, uint> apply) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Everywhere;

    public override string ToString() => text;

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var compiled = operand?.Compile(compiler);
        return new CompiledAction(context =>
        {
            var value = 1L;
            if ((context.Counters.TryGet(number, out var table, out var entry)
                    || context.Session.Counters.TryGet(number, out table, out entry))
                && (compiled is null || TryRead(compiled, context, out value)))
            {
                apply(table, entry, (uint)value);
                entry.Touch(table.Now);
            }

            return RuleOutcome.Next;
        });
    }

    private static bool TryRead(CompiledExpression expression, RuleContext context, out long value)
    {
        var sample = default(Sample);
        var found = expression.TryEvaluate(context, SampleType.Integer, ref sample);
        value = sample.Integer;
        return found;
    }
}
