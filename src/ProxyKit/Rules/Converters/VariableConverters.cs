using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Converters;

/// <summary>Values that are kept in variables on their way.</summary>
internal static class VariableConverters
{
    private const int MaxConditions = 4;

    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of(
            "set-var", SampleType.Any, SampleType.Any, Set,
            [Argument.Variable("var"), .. Enumerable.Range(1, MaxConditions).Select(static i => Argument.OptionalText($"cond{i}"))]),
        Converter.Of("unset-var", SampleType.Any, SampleType.Any, Unset, Argument.Variable("var")),
    ];

    private static SampleConverter Set(KeywordUse use)
    {
        var variable = use.Compiler.VariableFor(use.Arguments.Text(0));
        var conditions = VariableConditions.None;
        for (var i = 1; i < use.Arguments.Count; i++)
        {
            if (use.Arguments.IsGiven(i))
            {
                conditions |= VariableGuard.Parse(use.Arguments.Text(i));
            }
        }

        return (context, ref sample) =>
        {
            if (!VariableGuard.Holds(conditions, variable, context, in sample))
            {
                return false;
            }

            variable.Set(context, in sample);
            if (!sample.Bytes.IsEmpty && variable.Scope != VariableScope.Process)
            {
                // It may have lain in the variable's own bytes, which have changed; those of the process are replaced instead.
                variable.TryGet(context, ref sample);
            }

            return true;
        };
    }

    private static SampleConverter Unset(KeywordUse use)
    {
        var variable = use.Compiler.VariableFor(use.Arguments.Text(0));
        return (context, ref _) =>
        {
            variable.Unset(context);
            return true;
        };
    }
}
