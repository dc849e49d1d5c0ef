namespace ProxyKit.Checks;

/// <summary>Takes a variable's value away. HAProxy: <c>http-check unset-var</c>, <c>tcp-check unset-var</c>.</summary>
public sealed class UnsetVariableStep : CheckStep
{
    /// <summary>The name with its scope: <c>check.token</c>.</summary>
    public required string Variable { get; init; }
}
