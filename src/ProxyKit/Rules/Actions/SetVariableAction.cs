using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Actions;

/// <summary>Gives a variable a value; where there is none to give it keeps its own.</summary>
internal sealed class SetVariableAction(string name, Expression value, VariableConditions conditions, bool asText) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Everywhere;

    public override string ToString() =>
        $"{(asText ? "set-var-fmt" : "set-var")}({name}{VariableGuard.Suffix(conditions)}) {(asText ? RuleWords.Format(value) : RuleWords.Value(value))}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var variable = VariableNames.Find(compiler, name);
        var expression = value.Compile(compiler);
        return new(context =>
        {
            var sample = default(Sample);
            var any = asText ? expression.TryEvaluate(context, SampleType.String, ref sample) : expression.TryEvaluate(context, ref sample);
            if (asText && !any)
            {
                any = sample.SetString(default); // a format always has a text, if an empty one
            }

            if (any && VariableGuard.Holds(conditions, variable, context, in sample))
            {
                variable.Set(context, in sample);
            }

            return RuleOutcome.Next;
        });
    }
}
