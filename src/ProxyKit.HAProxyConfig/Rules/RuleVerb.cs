using ProxyKit.Rules.Actions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>An action word of rule lines.</summary>
/// <param name="Name">The word; where it takes something in brackets, what stands before them.</param>
/// <param name="Lists">The lists it may stand in.</param>
/// <param name="Arguments">What follows it, as manuals write it.</param>
internal sealed record RuleVerb(string Name, RuleLists Lists, string Arguments)
{
    /// <summary>Makes the action of its arguments; null where there is no such action yet.</summary>
    public Func<ActionArguments, RuleAction>? Parse { get; init; }

    /// <summary>Whether no rule behind it is reached where it runs.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether something stands behind the name in the same word: <c>set-var(txn.a)</c>, <c>track-sc0</c>.</summary>
    public bool IsPrefix { get; init; }

    public bool Is(string word) => IsPrefix
        ? word.StartsWith(Name, StringComparison.Ordinal) && (word.Length == Name.Length || word[Name.Length] == '(' || Name is "track-sc" or "lua.")
        : word == Name;
}
