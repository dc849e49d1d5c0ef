using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Writes the rules of the lists about clients' connections.</summary>
/// <typeparam name="TSelf">The builder itself.</typeparam>
public abstract class TcpRuleListBuilder<TSelf> : RuleListBuilder<TSelf>
    where TSelf : TcpRuleListBuilder<TSelf>
{
    private protected TcpRuleListBuilder(IList<RuleOptions> rules)
        : base(rules)
    {
    }

    /// <inheritdoc cref="RuleActions.Accept"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Accept(Condition? when = null) => Add(RuleActions.Accept, when);

    /// <inheritdoc cref="RuleActions.Reject"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Reject(Condition? when = null) => Add(RuleActions.Reject, when);

    /// <inheritdoc cref="RuleActions.SilentDrop"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SilentDrop(Condition? when = null) => Add(RuleActions.SilentDrop, when);

    /// <inheritdoc cref="RuleActions.SilentDropWithin(int)"/>
    /// <param name="hops">How many hops, 1 to 255.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SilentDropWithin(int hops, Condition? when = null) => Add(RuleActions.SilentDropWithin(hops), when);

    /// <inheritdoc cref="RuleActions.Log"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Log(Condition? when = null) => Add(RuleActions.Log, when);

    /// <inheritdoc cref="RuleActions.SetClientMark(Expression)"/>
    /// <param name="value">The mark; of a larger number the low 32 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetClientMark(Expression value, Condition? when = null) => Add(RuleActions.SetClientMark(value), when);

    /// <inheritdoc cref="RuleActions.SetClientMark(uint)"/>
    /// <param name="value">The mark.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetClientMark(uint value, Condition? when = null) => Add(RuleActions.SetClientMark(value), when);

    /// <inheritdoc cref="RuleActions.SetClientTypeOfService(Expression)"/>
    /// <param name="value">The value; of a larger number the low 8 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetClientTypeOfService(Expression value, Condition? when = null) => Add(RuleActions.SetClientTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.SetClientTypeOfService(byte)"/>
    /// <param name="value">The value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetClientTypeOfService(byte value, Condition? when = null) => Add(RuleActions.SetClientTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.SetSource(Expression)"/>
    /// <param name="value">The address; what is none changes nothing.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetSource(Expression value, Condition? when = null) => Add(RuleActions.SetSource(value), when);

    /// <inheritdoc cref="RuleActions.SetSourcePort(Expression)"/>
    /// <param name="value">The port; of a larger number the low 16 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetSourcePort(Expression value, Condition? when = null) => Add(RuleActions.SetSourcePort(value), when);

    /// <inheritdoc cref="RuleActions.SetDestination(Expression)"/>
    /// <param name="value">The address; what is none changes nothing.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetDestination(Expression value, Condition? when = null) => Add(RuleActions.SetDestination(value), when);

    /// <inheritdoc cref="RuleActions.SetDestinationPort(Expression)"/>
    /// <param name="value">The port; of a larger number the low 16 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetDestinationPort(Expression value, Condition? when = null) => Add(RuleActions.SetDestinationPort(value), when);
}
