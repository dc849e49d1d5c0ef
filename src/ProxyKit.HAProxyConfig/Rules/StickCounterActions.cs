using System.Globalization;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>What rules do with the counters of stick tables.</summary>
internal static class StickCounterActions
{
    public static IEnumerable<RuleVerb> All =>
    [
        Verb("track-sc", Connection | Session | Content | Request | Response, "<key> [table <table>]", Track),
        Verb("sc-inc-gpc", Everywhere, "", static a => Two(a, StickActions.Increment)),
        Verb("sc-inc-gpc0", Everywhere, "", static a => StickActions.Increment0(One(a))),
        Verb("sc-inc-gpc1", Everywhere, "", static a => StickActions.Increment1(One(a))),
        Verb("sc-add-gpc", Everywhere, "{<int>|<expr>}", static a => Two(a, (index, number) => StickActions.Add(index, number, Number(a)))),
        Verb("sc-set-gpt", Everywhere, "{<int>|<expr>}", static a => Two(a, (index, number) => StickActions.SetTag(index, number, Number(a)))),
        Verb("sc-set-gpt0", Everywhere, "{<int>|<expr>}", SetTag0),
    ];

    private static RuleVerb Verb(string name, RuleLists lists, string arguments, Func<ActionArguments, RuleAction> parse) =>
        new(name, lists, arguments) { Parse = parse, IsPrefix = true };

    private static RuleAction Track(ActionArguments a)
    {
        var counters = a.Global.StickCounters;
        if (!int.TryParse(a.Suffix, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new RuleFaultException($"'track-sc{a.Suffix}' : a counter's number from 0 to {counters - 1} is missing");
        }

        if (number >= counters)
        {
            throw new RuleFaultException($"{number} track-sc number exceeding {counters - 1} (tune.stick-counters-1) value");
        }

        var key = a.TakeExpression("<key>");
        return StickActions.Track(number, key, a.Takes("table") ? a.Take("<table>") : "");
    }

    private static RuleAction SetTag0(ActionArguments a)
    {
        var number = One(a);
        return StickActions.SetTag0(number, Number(a));
    }

    private static RuleAction Two(ActionArguments a, Func<int, int, RuleAction> make) =>
        a.InBrackets is [var index, var number] ? make(Integer(index, 99), Integer(number, a.Global.StickCounters - 1)) : throw Missing("an index and a counter's number");

    private static int One(ActionArguments a) => a.InBrackets switch
    {
        [] => 0,
        [var number] => Integer(number, a.Global.StickCounters - 1),
        _ => throw Missing("a counter's number"),
    };

    private static Expression Number(ActionArguments a)
    {
        var text = a.Peek;
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            a.Take("<int>");
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? Value.Parse($"int({text})")
                : throw a.Wrong($"'{text}' is beyond 32 bits");
        }

        return a.TakeExpression("<int> or <expr>");
    }

    private static int Integer(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
            ? value
            : throw new RuleFaultException($"invalid integer '{text}': from 0 to {most}");

    private static RuleFaultException Missing(string what) => new($"expects {what} between brackets");
}
