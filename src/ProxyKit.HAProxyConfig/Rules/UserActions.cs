using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>The actions that users have added to the language.</summary>
internal static class UserActions
{
    /// <summary>The action of a word, in any list; null where there is none.</summary>
    public static RuleVerb? Find(RuleLanguage? language, string word) => language?.FindAction(word) is not { } keyword ? null
        : new RuleVerb(keyword.Name, RuleLists.Everywhere, ArgumentsOf(keyword)) { Parse = a => keyword.Create(a.Take(keyword)) };

    private static string ArgumentsOf(ActionKeyword keyword) =>
        string.Join(' ', keyword.Arguments.Select(static a => a.IsOptional ? $"[<{a.Name}>]" : $"<{a.Name}>"));
}
