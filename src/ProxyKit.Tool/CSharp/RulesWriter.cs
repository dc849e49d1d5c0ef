using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Tool.CSharp.Layout;

namespace ProxyKit.Tool.CSharp;

/// <summary>Writes the rules of a frontend or backend: <c>.OnRequest(rules => rules.Deny(when: …))</c>.</summary>
internal sealed class RulesWriter(ValueWriter values, VerbWriter verbs)
{
    private const string Rules = nameof(Frontends.FrontendOptions.Rules);

    /// <summary>What the verb <c>InspectDelay</c> of a list's builder sets.</summary>
    private static readonly Dictionary<string, string> Delays = new(StringComparer.Ordinal)
    {
        [nameof(RuleSetOptions.Content)] = nameof(RuleSetOptions.InspectDelay),
        [nameof(RuleSetOptions.ResponseContent)] = nameof(RuleSetOptions.ResponseInspectDelay),
    };

    /// <summary>Writes all lists, in the order in which they run.</summary>
    /// <param name="builder">The builder of the section.</param>
    /// <param name="rules">The rules.</param>
    public IEnumerable<Code> Write(Type builder, RuleSetOptions rules)
    {
        var differences = Differences.Between(rules, new RuleSetOptions()).ToList();
        foreach (var list in typeof(RuleSetOptions).GetProperties().Where(static p => p.PropertyType == typeof(IList<RuleOptions>)))
        {
            var delay = differences.Find(d => d.Name == Delays.GetValueOrDefault(list.Name));
            var all = (IList<RuleOptions>)list.GetValue(rules)!; // lists are always there
            if ((all.Count == 0 && delay is null) || builder.GetMethod($"On{list.Name}") is not { } verb)
            {
                continue;
            }

            differences.RemoveAll(d => d == delay || d.Property == list);
            var rulesBuilder = verb.GetParameters()[0].ParameterType.GetGenericArguments()[0]; // Action<…RulesBuilder>
            foreach (var call in Write(builder, verb.Name, rulesBuilder, list.Name, all, delay))
            {
                yield return call;
            }
        }

        if (differences.Count > 0)
        {
            yield return verbs.WriteConfigure(builder, [.. differences.SelectMany(d => verbs.Statements($"options.{Rules}", d))]);
        }
    }

    /// <summary>A place in a configuration file, without the way to the file.</summary>
    public static string? Origin(string? origin) => origin is null ? null : Literals.Comment(Path.GetFileName(origin));

    private IEnumerable<Code> Write(Type builder, string verb, Type rulesBuilder, string list, IList<RuleOptions> rules, Difference? delay)
    {
        var calls = new List<Code>();
        if (delay is not null)
        {
            calls.Add(CodeList.Call($".{nameof(RuleSetOptions.InspectDelay)}", values.Write(delay.Value)));
        }

        foreach (var rule in rules)
        {
            if (!Differences.Between(rule, new RuleOptions(rule.Action, rule.Condition)).Any())
            {
                calls.Add(CodeComment.Of(WriteRule(rulesBuilder, rule), Origin(rule.Origin)));
                continue;
            }

            // There is more to say than a builder's verb does. Rules keep their order.
            if (calls.Count > 0)
            {
                yield return WriteVerb(verb, calls);
                calls = [];
            }

            yield return verbs.WriteConfigure(builder, [CodeComment.Of(verbs.Add($"options.{Rules}.{list}", rule), Origin(rule.Origin))]);
        }

        if (calls.Count > 0)
        {
            yield return WriteVerb(verb, calls);
        }
    }

    private static CodeList WriteVerb(string verb, IReadOnlyList<Code> calls) =>
        CodeList.Call($".{verb}", new CodeChain("rules => rules", calls));

    private CodeList WriteRule(Type rulesBuilder, RuleOptions rule)
    {
        if (rule.Action.Description is { } action && action.Door == typeof(RuleActions))
        {
            var methods = rulesBuilder.GetMethods().Where(m => m.Name == action.Member && m.GetParameters().Length == action.Arguments.Count + 1);
            if (CallBinding.Best(methods, [.. action.Arguments, rule.Condition]) is { } call)
            {
                return CodeList.Call($".{action.Member}", [.. values.Arguments(call)]);
            }
        }

        Code[] when = rule.Condition is { } condition ? [new CodeSequence("when: ", values.Write(condition))] : [];
        return CodeList.Call(".Add", [values.Write(rule.Action), .. when]);
    }
}
