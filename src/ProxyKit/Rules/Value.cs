using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Fetches;
using ProxyKit.Rules.Formats;

namespace ProxyKit;

/// <summary>Makes the values that rules set, compare and count by: <c>Value.Parse("req.hdr(host),lower")</c>.</summary>
public static partial class Value
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

    /// <summary>A text that is the same for every exchange, percent signs and all.</summary>
    /// <param name="text">The text, sent as UTF-8.</param>
    /// <returns>The value.</returns>
    public static Expression Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new LiteralExpression(text);
    }

    /// <summary>What is claimed of a client (a token's <c>sub</c>, say), once the frontend's authentication has verified it; there is no value before,
    /// and for requests that are excepted from it. A number and a boolean are such values; a condition tries each element of an array, others get its
    /// JSON.</summary>
    /// <param name="path">The claim's name, or the path to it: <c>realm_access.roles[0]</c>. A claim of exactly that name goes before; a <c>$.</c> before
    /// it says that it is no name; a backslash takes a dot into a name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public static Expression Claim(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new KeywordExpression(ClaimFetches.Claim, new KeywordArguments(path));
    }

    /// <summary>A text put together from others, in HAProxy's log-format: <c>%ci is from %[src,map(countries.map)]</c>.</summary>
    /// <param name="format">The format; <c>%%</c> stands for a percent sign.</param>
    /// <param name="language">The words that its expressions may use; null for those that come with ProxyKit.</param>
    /// <param name="use">What the text is for. By default a header field, where control bytes that come from an expression are encoded.</param>
    /// <returns>The value; always there, since what is not there of its parts prints nothing.</returns>
    /// <exception cref="RuleFaultException">It is no format.</exception>
    public static Expression Format(string format, RuleLanguage? language = null, FormatUse use = FormatUse.Header) =>
        LogFormat.Parse(format, language, use);
}
