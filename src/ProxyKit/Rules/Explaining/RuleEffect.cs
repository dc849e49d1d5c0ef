namespace ProxyKit.Rules.Explaining;

/// <summary>Something that a rule has changed.</summary>
/// <param name="What">What, in words: <c>header x-client</c>, <c>variable txn.user</c>, <c>method</c>, <c>target</c>, <c>source</c>,
/// <c>timeout server</c>, <c>sc0</c>.</param>
/// <param name="Value">What it is now, quoted, with bytes that cannot be shown as <c>\xNN</c>; null for what is gone.</param>
public sealed record RuleEffect(string What, string? Value)
{
    /// <summary>The change as a sentence has it.</summary>
    /// <returns>The text: <c>header x-client = "10.0.0.1"</c>.</returns>
    public override string ToString() => Value is null ? $"{What} removed" : $"{What} = {Value}";
}
