using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Variables;
using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>What keeps something: variables, maps, captures.</summary>
internal static class VariableActions
{
    private static readonly Dictionary<string, VariableConditions> Conditions = new(StringComparer.Ordinal)
    {
        ["ifexists"] = VariableConditions.IfExists,
        ["ifnotexists"] = VariableConditions.IfNotExists,
        ["ifempty"] = VariableConditions.IfEmpty,
        ["ifnotempty"] = VariableConditions.IfNotEmpty,
        ["ifset"] = VariableConditions.IfSet,
        ["ifnotset"] = VariableConditions.IfNotSet,
        ["ifgt"] = VariableConditions.IfGreater,
        ["iflt"] = VariableConditions.IfLess,
    };

    public static IEnumerable<RuleVerb> All =>
    [
        Verb("set-var-fmt", Everywhere, "<fmt>", static a => RuleActions.SetVariableText(Name(a), a.TakeFormat(FormatUse.Raw, mayBeEmpty: true), When(a))),
        Verb("set-var", Everywhere, "<expr>", static a => RuleActions.SetVariable(Name(a), a.TakeExpression(), When(a))),
        Verb("unset-var", Everywhere, "", static a => RuleActions.UnsetVariable(OnlyName(a))),
        Verb("set-map", OfHttp, "<key fmt> <value fmt>", static a => RuleActions.SetMap(File(a), a.TakeFormat(FormatUse.Raw), a.TakeFormat(FormatUse.Raw))),
        Verb("del-map", OfHttp, "<key fmt>", static a => RuleActions.DelMap(File(a), a.TakeFormat(FormatUse.Raw))),
        Verb("add-acl", Request | Response, "<key fmt>", static a => RuleActions.AddPattern(File(a), a.TakeFormat(FormatUse.Raw))),
        Verb("del-acl", OfHttp, "<key fmt>", static a => RuleActions.DelPattern(File(a), a.TakeFormat(FormatUse.Raw))),
        new("capture", Content | OfHttp, "<expr> {len <n>|id <n>}") { Parse = Capture },
    ];

    private static RuleVerb Verb(string name, RuleLists lists, string arguments, Func<ActionArguments, RuleAction> parse) =>
        new(name, lists, arguments) { Parse = parse, IsPrefix = true };

    private static string Name(ActionArguments a) => Read(a.InBrackets).Name;

    private static string OnlyName(ActionArguments a) => a.InBrackets.Count <= 1
        ? Name(a)
        : throw new RuleFaultException(
            "unset-var does not expect parameters after the variable name. Only \"set-var\" and \"set-var-fmt\" manage conditions");

    private static VariableConditions When(ActionArguments a) => Read(a.InBrackets).When;

    /// <summary>Reads what stands in the brackets of <c>set-var</c>: a name, and conditions behind it.</summary>
    /// <exception cref="RuleFaultException">There is no name, or a condition is none.</exception>
    public static (string Name, VariableConditions When) Read(IReadOnlyList<string> inBrackets)
    {
        if (inBrackets is not [{ Length: > 0 } name, ..])
        {
            throw new RuleFaultException("missing variable name between brackets");
        }

        var conditions = VariableConditions.None;
        foreach (var word in inBrackets.Skip(1))
        {
            conditions |= Conditions.TryGetValue(word, out var condition)
                ? condition
                : throw new RuleFaultException($"unknown condition \"{word}\"{NearestName.Hint(word, Conditions.Keys)}");
        }

        return (name, conditions);
    }

    private static string File(ActionArguments a) => a.InBrackets is [{ Length: > 0 } file]
        ? a.PathOfList(file)
        : throw new RuleFaultException("missing file between brackets");

    private static RuleAction Capture(ActionArguments a)
    {
        var value = a.TakeExpression();
        if (a.Takes("len"))
        {
            return (a.List & (Request | Content)) != 0
                ? RuleActions.Capture(value, a.TakeInteger("<length>", 1, int.MaxValue))
                : throw new RuleFaultException("expects 'id': slots are allocated by requests");
        }

        return a.Takes("id")
            ? RuleActions.CaptureTo(value, a.TakeInteger("<id>", 0, int.MaxValue))
            : throw new RuleFaultException("expects 'len' or 'id'");
    }
}
