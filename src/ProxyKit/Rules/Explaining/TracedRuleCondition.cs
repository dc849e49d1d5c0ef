namespace ProxyKit.Rules.Explaining;

/// <summary>The condition of a rule or a route: what it says is said of that.</summary>
internal sealed class TracedRuleCondition(RuleTrace trace, int index, Condition condition) : Condition
{
    public override string ToString() => condition.ToString()!; // every condition has its own text

    internal override Truth Evaluate(RuleContext context)
    {
        var rule = trace.BeginRule(index);
        rule.Fate = RuleFate.Failed; // unless it comes to say otherwise
        var truth = condition.Evaluate(context);
        trace.EndCondition(rule, truth);
        return truth;
    }
}
