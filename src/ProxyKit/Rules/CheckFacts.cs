using ProxyKit.Rules.Variables;
using ProxyKit.Transport;

namespace ProxyKit.Rules;

/// <summary>What rules know of a health check that asks them, and what it keeps for its time.</summary>
internal sealed class CheckFacts
{
    public VariableSet Variables { get; } = new();

    /// <summary>The connection of the last step that has opened one.</summary>
    public Connection? Connection { get; set; }
}
