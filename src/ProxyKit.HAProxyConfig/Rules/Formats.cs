using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads the texts that are put together from others: log-format.</summary>
internal static class Formats
{
    /// <exception cref="RuleFaultException">It is no format.</exception>
    public static Expression Parse(string text, RuleLanguage? language, FormatUse use = FormatUse.Header) => Value.Format(text, language, use);
}
