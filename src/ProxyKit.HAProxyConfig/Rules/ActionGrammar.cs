namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>All action words of rule lines, and how each reads its arguments. Each group has a file of its own.</summary>
internal static class ActionGrammar
{
    private static readonly RuleVerb[] Verbs =
    [
        .. VerdictActions.All,
        .. HeaderActions.All,
        .. TargetActions.All,
        .. VariableActions.All,
        .. SettingActions.All,
        .. StickCounterActions.All,
        .. ResolveActions.All,
        .. ServiceActions.All,
        .. UnsupportedActions.All,
    ];

    public static IReadOnlyList<RuleVerb> All => Verbs;

    /// <summary>The action of a word in a list; null where there is none.</summary>
    public static RuleVerb? Find(string word, RuleLists list) => Array.Find(Verbs, v => (v.Lists & list) != 0 && v.Is(word));

    /// <summary>The words of a list as messages have them: in order, with <c>(*)</c> behind those that go on in the same word.</summary>
    public static IEnumerable<string> Names(RuleLists list) =>
        Of(list).Select(static v => v.IsPrefix ? $"{v.Name}(*)" : v.Name).Distinct().Order(StringComparer.Ordinal);

    public static IEnumerable<string> PlainNames(RuleLists list) => Of(list).Select(static v => v.Name);

    private static IEnumerable<RuleVerb> Of(RuleLists list) => Verbs.Where(v => (v.Lists & list) != 0);
}
