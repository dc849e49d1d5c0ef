namespace ProxyKit.Rules.Explaining;

/// <summary>A value that an action fetched.</summary>
/// <param name="Expression">The expression, as a configuration file has it.</param>
/// <param name="Value">What it gave, quoted, with bytes that cannot be shown as <c>\xNN</c>; null where it gave nothing.</param>
public sealed record ExplainedValue(string Expression, string? Value);
