using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Makes the condition of an ACL: <c>criterion [flags] [operator] [pattern]…</c>.</summary>
internal static class AclExpression
{
    /// <param name="words">The words behind the ACL's name, or between braces.</param>
    /// <param name="language">The words that expressions may use; null for those that come with ProxyKit.</param>
    /// <param name="warn">Is told what can be put to use but is probably not meant.</param>
    /// <exception cref="RuleFaultException">It is no condition.</exception>
    public static Condition Parse(IReadOnlyList<string> words, RuleLanguage? language, Action<string>? warn = null) =>
        Match.ParseAcl(words, language, warn);
}
