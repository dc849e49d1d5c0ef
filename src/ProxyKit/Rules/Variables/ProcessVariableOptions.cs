using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Variables;

/// <summary>What a variable of the process begins with. HAProxy: global <c>set-var</c>, <c>set-var-fmt</c>.</summary>
/// <param name="Name">The variable, in the scope of the process: <c>proc.stage</c>.</param>
/// <param name="Value">The value: one that needs no client, as of <see cref="ProxyKit.Value.Parse"/> or <see cref="ProxyKit.Value.Format"/>. It may ask for variables that were
/// set before it. Where it comes to nothing, the variable keeps what it has.</param>
public sealed record ProcessVariableOptions(string Name, Expression Value)
{
    /// <summary>Where it was written, for messages: <c>gateway.cfg:12</c>. Null where nobody said.</summary>
    public string? Origin { get; init; }
}
