using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Checks;

/// <summary>Gives a variable a value; where there is none to give it keeps its own. May stand before the first connection. HAProxy: <c>http-check set-var</c>,
/// <c>set-var-fmt</c>, and the same of <c>tcp-check</c>.</summary>
public sealed class SetVariableStep : CheckStep
{
    /// <summary>The name with its scope, mostly that of the check: <c>check.token</c>.</summary>
    public required string Variable { get; init; }

    /// <summary>The value: what has come (<c>res.payload(0,16)</c>, <c>res.hdr(x-token)</c>, <c>status</c>), facts of the server and the backend, a format.</summary>
    public required Expression Value { get; init; }

    /// <summary>When it is written.</summary>
    public VariableConditions Conditions { get; init; }
}
