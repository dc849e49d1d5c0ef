using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Variables;

/// <summary>Reads and asks <see cref="VariableCondition"/>.</summary>
internal static class VariableConditions
{
    /// <exception cref="FormatException">There is no such condition.</exception>
    public static VariableCondition Parse(string word) => word switch
    {
        "ifexists" => VariableCondition.IfExists,
        "ifnotexists" => VariableCondition.IfNotExists,
        "ifempty" => VariableCondition.IfEmpty,
        "ifnotempty" => VariableCondition.IfNotEmpty,
        "ifset" => VariableCondition.IfSet,
        "ifnotset" => VariableCondition.IfNotSet,
        "ifgt" => VariableCondition.IfGt,
        "iflt" => VariableCondition.IfLt,
        _ => throw new FormatException($"unknown condition \"{word}\""),
    };

    /// <summary>Whether a variable may be set to a value.</summary>
    public static bool Holds(VariableCondition condition, Variable variable, RuleContext context, in Sample sample)
    {
        var stored = default(Sample);
        var isSet = variable.TryGet(context, ref stored);
        var isEmpty = sample.Type is SampleType.String or SampleType.Binary or SampleType.Method && sample.Bytes.IsEmpty;
        var areIntegers = isSet && stored.Type == SampleType.Integer && sample.Type == SampleType.Integer;
        return condition switch
        {
            VariableCondition.IfExists => isSet || variable.Scope == VariableScope.Process,
            VariableCondition.IfNotExists => !isSet && variable.Scope != VariableScope.Process,
            VariableCondition.IfEmpty => isEmpty,
            VariableCondition.IfNotEmpty => !isEmpty,
            VariableCondition.IfSet => isSet,
            VariableCondition.IfNotSet => !isSet,
            VariableCondition.IfGt => !areIntegers || stored.Integer > sample.Integer,
            _ => !areIntegers || stored.Integer < sample.Integer,
        };
    }
}
