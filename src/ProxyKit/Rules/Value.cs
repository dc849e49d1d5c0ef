using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Makes the values that rules set, compare and count by: <c>Value.Parse("req.hdr(host),lower")</c>.</summary>
public static class Value
{
    /// <summary>A value in the words of HAProxy's configuration language: a fetch, and converters behind commas.</summary>
    /// <param name="expression">The expression, as in <c>req.hdr(host),field(1,:),lower</c>.</param>
    /// <param name="language">The words it may use; null for those that come with ProxyKit.</param>
    /// <returns>The value.</returns>
    /// <exception cref="RuleFaultException">It is no expression.</exception>
    public static Expression Parse(string expression, RuleLanguage? language = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(expression);
        return ExpressionParser.Parse(expression, language ?? RuleLanguage.Default);
    }
}
