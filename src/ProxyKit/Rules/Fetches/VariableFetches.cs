using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Fetches;

/// <summary>Variables: one by its name, or all of them as text.</summary>
internal static class VariableFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("var", SampleType.Any, RuleStages.Always, Value, new KeywordArgument("name", ArgumentKind.Variable), Fetch.Optional("default")),
        Fetch.Of(
            "dump_all_vars",
            SampleType.String,
            RuleStages.Always,
            static use => new VariableDump(use).TryGet,
            Fetch.Optional("scope"),
            Fetch.Optional("prefix"),
            Fetch.Optional("delim")),
    ];

    /// <summary>Whether variables of a scope can be there: those of the request end when the response begins, and without a stream there are
    /// those of the session and of the process only.</summary>
    public static bool HasScope(RuleContext context, VariableScope scope) => scope switch
    {
        VariableScope.Process or VariableScope.Session => true,
        VariableScope.Transaction => context.HasStream,
        VariableScope.Request => context.HasStream && !HasResponseBegun(context),
        VariableScope.Response => context.HasStream && HasResponseBegun(context),
        _ => context.Check is not null,
    };

    private static bool HasResponseBegun(RuleContext context) => context.IsInResponse || context.Response is not null;

    private static SampleFetch Value(KeywordUse use)
    {
        var variable = use.Compiler.VariableFor(use.Arguments.Text(0));
        if (use.Arguments.Count < 2)
        {
            return (RuleContext context, ref Sample sample) => HasScope(context, variable.Scope) && variable.TryGet(context, ref sample);
        }

        var fallback = Encoding.UTF8.GetBytes(use.Arguments.Text(1));
        return (RuleContext context, ref Sample sample) =>
            HasScope(context, variable.Scope) && (variable.TryGet(context, ref sample) || sample.SetString(fallback));
    }
}
