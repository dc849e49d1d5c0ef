using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Actions;

/// <summary>Gives a variable a value; where there is none to give it keeps its own.</summary>
internal sealed class SetVariableAction(string name, Expression value, VariableConditions conditions, bool asText) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Everywhere;

    public override string ToString()
    {
        var text = new StringBuilder(asText ? "set-var-fmt(" : "set-var(").Append(name);
        foreach (var condition in Enum.GetValues<VariableConditions>())
        {
            if (condition != VariableConditions.None && (conditions & condition) != 0)
            {
                text.Append(',').Append(Word(condition));
            }
        }

        return text.Append(") ").Append(value).ToString();
    }

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

            if (any && (conditions == VariableConditions.None || Holds(context, variable, in sample)))
            {
                variable.Set(context, in sample);
            }

            return RuleOutcome.Next;
        });
    }

    private bool Holds(RuleContext context, Variable variable, in Sample sample)
    {
        var old = default(Sample);
        var isSet = variable.TryGet(context, ref old);
        var isEmpty = sample.Type is SampleType.String or SampleType.Binary or SampleType.Method && sample.Bytes.IsEmpty;
        var areNumbers = isSet && old.Type == SampleType.Integer && sample.Type == SampleType.Integer;
        return ((conditions & (VariableConditions.IfNotExists | VariableConditions.IfNotSet)) == 0 || !isSet)
            && ((conditions & VariableConditions.IfSet) == 0 || isSet)
            && ((conditions & VariableConditions.IfExists) == 0 || isSet || variable.Scope == VariableScope.Process)
            && ((conditions & VariableConditions.IfEmpty) == 0 || isEmpty)
            && ((conditions & VariableConditions.IfNotEmpty) == 0 || !isEmpty)
            && ((conditions & VariableConditions.IfGreater) == 0 || !areNumbers || old.Integer > sample.Integer)
            && ((conditions & VariableConditions.IfLess) == 0 || !areNumbers || old.Integer < sample.Integer);
    }

    private static string Word(VariableConditions condition) => condition switch
    {
        VariableConditions.IfExists => "ifexists",
        VariableConditions.IfNotExists => "ifnotexists",
        VariableConditions.IfEmpty => "ifempty",
        VariableConditions.IfNotEmpty => "ifnotempty",
        VariableConditions.IfSet => "ifset",
        VariableConditions.IfNotSet => "ifnotset",
        VariableConditions.IfGreater => "ifgt",
        _ => "iflt",
    };
}
