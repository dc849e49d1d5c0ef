using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Explaining;

/// <summary>A rule, and what became of it for one request.</summary>
public sealed class ExplainedRule
{
    private readonly List<RuleEffect> _effects = [];
    private readonly List<ExplainedValue> _values = [];

    internal ExplainedRule(string text, string? place, Condition? condition)
    {
        Text = Shown.Text(text);
        Place = place is null ? null : Shown.Text(place);
        Written = condition;
    }

    /// <summary>The rule, in HAProxy's words as far as it has some; bytes that cannot be shown as <c>\xNN</c>.</summary>
    public string Text { get; }

    /// <summary>Where it was written: <c>gateway.cfg:12</c>; null where nobody said, as in C#.</summary>
    public string? Place { get; }

    /// <summary>What became of it.</summary>
    public RuleFate Fate { get; internal set; }

    /// <summary>Its condition, term by term; null where it has none, or was not reached.</summary>
    public ExplainedTerm? Condition { get; internal set; }

    /// <summary>What it has changed, in the order in which it is told.</summary>
    public IReadOnlyList<RuleEffect> Effects => _effects;

    /// <summary>The values that its action fetched.</summary>
    public IReadOnlyList<ExplainedValue> Values => _values;

    /// <summary>What there is to add: that it would wait, what it needs and does not have, what it threw. Null for nothing.</summary>
    public string? Remark { get; private set; }

    internal Condition? Written { get; }

    internal bool IsAsked { get; set; }

    /// <summary>The rule and what became of it.</summary>
    /// <returns>The text, for logs and debuggers.</returns>
    public override string ToString() => $"{Text}: {Fate}";

    internal void Add(RuleEffect effect) => _effects.Add(effect);

    internal void Add(ExplainedValue value) => _values.Add(value);

    internal void Note(string remark) =>
        Remark = Remark is null ? remark : Remark.Contains(remark, StringComparison.Ordinal) ? Remark : $"{Remark}; {remark}";

    internal static ExplainedRule Of(RuleOptions rule) => new(rule.ToString(), rule.Origin, rule.Condition);
}
