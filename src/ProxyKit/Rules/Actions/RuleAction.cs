using ProxyKit.Descriptions;

namespace ProxyKit.Rules.Actions;

/// <summary>What a rule does where its condition holds. <see cref="RuleActions"/> makes actions.</summary>
/// <remarks>Immutable: one action may serve many rules and proxies.</remarks>
public abstract class RuleAction : IDescribed
{
    private protected RuleAction()
    {
    }

    /// <inheritdoc/>
    public Description? Description { get; internal init; }

    /// <summary>The lists that it may stand in.</summary>
    internal abstract RulePhases Phases { get; }

    /// <summary>Whether no rule behind it is reached where it runs.</summary>
    internal virtual bool IsFinal => false;

    /// <summary>What its rule is called where rules are called by their places, and this one has none; null where it has.</summary>
    internal virtual string? Entity => null;

    /// <summary>Whether it writes into the access log.</summary>
    internal virtual bool Logs => false;

    /// <summary>Makes it ready to run.</summary>
    /// <exception cref="RuleFaultException">It names something that is not there.</exception>
    internal abstract CompiledAction Compile(RuleCompiler compiler);
}
