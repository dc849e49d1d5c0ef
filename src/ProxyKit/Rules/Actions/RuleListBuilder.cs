using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Variables;

namespace ProxyKit;

/// <summary>Writes the rules of a list, in their order: what all lists may have.</summary>
/// <typeparam name="TSelf">The builder itself, so that its verbs can be strung together.</typeparam>
/// <remarks>Not sealed, as the builders of the several lists share it; users have nothing to derive from it.</remarks>
public abstract class RuleListBuilder<TSelf>
    where TSelf : RuleListBuilder<TSelf>
{
    private readonly IList<RuleOptions> _rules;

    private protected RuleListBuilder(IList<RuleOptions> rules) => _rules = rules;

    /// <summary>Adds a rule; for actions of one's own, and of <see cref="RuleActions"/> that have no verb here.</summary>
    /// <param name="action">What it does.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Add(RuleAction action, Condition? when = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        _rules.Add(new RuleOptions(action, when));
        return (TSelf)this;
    }

    /// <inheritdoc cref="RuleActions.SetVariable(string, Expression, VariableConditions)"/>
    /// <param name="name">The variable with its scope, as in <c>txn.user</c>. Before there is a request only <c>proc</c> and
    /// <c>sess</c>.</param>
    /// <param name="value">The value.</param>
    /// <param name="conditions">When it is given.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetVariable(
        string name, Expression value, VariableConditions conditions = VariableConditions.None, Condition? when = null) =>
        Add(RuleActions.SetVariable(name, value, conditions), when);

    /// <inheritdoc cref="RuleActions.SetVariableText(string, Expression, VariableConditions)"/>
    /// <param name="name">The variable with its scope.</param>
    /// <param name="text">The text.</param>
    /// <param name="conditions">When it is given.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetVariableText(
        string name, Expression text, VariableConditions conditions = VariableConditions.None, Condition? when = null) =>
        Add(RuleActions.SetVariableText(name, text, conditions), when);

    /// <inheritdoc cref="RuleActions.SetVariableText(string, string, VariableConditions)"/>
    /// <param name="name">The variable with its scope.</param>
    /// <param name="text">The text.</param>
    /// <param name="conditions">When it is given.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetVariableText(
        string name, string text, VariableConditions conditions = VariableConditions.None, Condition? when = null) =>
        Add(RuleActions.SetVariableText(name, text, conditions), when);

    /// <inheritdoc cref="RuleActions.UnsetVariable(string)"/>
    /// <param name="name">The variable with its scope.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf UnsetVariable(string name, Condition? when = null) => Add(RuleActions.UnsetVariable(name), when);
}
