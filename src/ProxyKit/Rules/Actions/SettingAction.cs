using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>Changes by a number how one exchange goes on; without a number nothing changes.</summary>
/// <param name="text">What the rule is called, its value included.</param>
/// <param name="phases">The lists that it may stand in.</param>
/// <param name="value">The number.</param>
/// <param name="apply">Does it.</param>
/// <param name="check">Refuses places where it cannot be; null for none.</param>
internal sealed class SettingAction(
    string text, RulePhases phases, Expression value, Action<ExchangeSettings, long> apply, Action<RuleCompiler>? check = null) : RuleAction
{
    internal override RulePhases Phases => phases;

    public override string ToString() => text;

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        check?.Invoke(compiler);
        var expression = value.Compile(compiler);
        return new(context =>
        {
            var sample = default(Sample);
            if (expression.TryEvaluate(context, SampleType.Integer, ref sample))
            {
                apply(context.Settings, sample.Integer);
            }

            return RuleOutcome.Next;
        });
    }

    /// <summary>What concerns servers is for proxies that have some.</summary>
    public static void NeedsBackend(RuleCompiler compiler)
    {
        if (compiler is { Backend: null, Frontend: { } frontend })
        {
            throw new RuleFaultException($"'{frontend.Name}' has no backend capability");
        }
    }

    /// <summary>What concerns clients is for proxies that have some.</summary>
    public static void NeedsFrontend(RuleCompiler compiler)
    {
        if (compiler is { Frontend: null, Backend: { } backend })
        {
            throw new RuleFaultException($"'{backend.Name}' has no frontend capability");
        }
    }
}
