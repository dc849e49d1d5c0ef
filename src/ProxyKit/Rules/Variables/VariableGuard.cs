using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Variables;

/// <summary>Reads, writes and asks <see cref="VariableConditions"/>.</summary>
internal static class VariableGuard
{
    private static readonly (VariableConditions Condition, string Word)[] Words =
    [
        (VariableConditions.IfExists, "ifexists"),
        (VariableConditions.IfNotExists, "ifnotexists"),
        (VariableConditions.IfEmpty, "ifempty"),
        (VariableConditions.IfNotEmpty, "ifnotempty"),
        (VariableConditions.IfSet, "ifset"),
        (VariableConditions.IfNotSet, "ifnotset"),
        (VariableConditions.IfGreater, "ifgt"),
        (VariableConditions.IfLess, "iflt"),
    ];

    /// <exception cref="FormatException">There is no such condition.</exception>
    public static VariableConditions Parse(string word) => Array.Find(Words, w => w.Word == word) is { Word: not null } found
        ? found.Condition
        : throw new FormatException($"unknown condition \"{word}\"");

    /// <summary>The words of conditions, each behind a comma.</summary>
    public static string Suffix(VariableConditions conditions) =>
        string.Concat(Words.Where(w => (conditions & w.Condition) != 0).Select(static w => $",{w.Word}"));

    /// <summary>Whether a variable may be set to a value.</summary>
    public static bool Holds(VariableConditions conditions, Variable variable, RuleContext context, in Sample sample)
    {
        if (conditions == VariableConditions.None)
        {
            return true;
        }

        var old = default(Sample);
        var isSet = variable.TryGet(context, ref old);
        var exists = isSet || variable.Scope == VariableScope.Process;
        var isEmpty = sample.Type is SampleType.String or SampleType.Binary or SampleType.Method && sample.Bytes.IsEmpty;
        var areNumbers = isSet && old.Type == SampleType.Integer && sample.Type == SampleType.Integer;
        return Allows(VariableConditions.IfExists, exists)
            && Allows(VariableConditions.IfNotExists, !exists)
            && Allows(VariableConditions.IfSet, isSet)
            && Allows(VariableConditions.IfNotSet, !isSet)
            && Allows(VariableConditions.IfEmpty, isEmpty)
            && Allows(VariableConditions.IfNotEmpty, !isEmpty)
            && Allows(VariableConditions.IfGreater, !areNumbers || old.Integer > sample.Integer)
            && Allows(VariableConditions.IfLess, !areNumbers || old.Integer < sample.Integer);

        bool Allows(VariableConditions condition, bool holds) => (conditions & condition) == 0 || holds;
    }
}
