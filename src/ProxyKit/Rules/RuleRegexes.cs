using ProxyKit.Regexes;

namespace ProxyKit.Rules;

/// <summary>Reads the regular expressions of rules.</summary>
internal static class RuleRegexes
{
    /// <inheritdoc cref="RuleRegex.Parse(string, bool)"/>
    /// <exception cref="RuleFaultException">It is none.</exception>
    public static RuleRegex Parse(string pattern, bool ignoresCase) => Parse(System.Text.Encoding.UTF8.GetBytes(pattern), ignoresCase);

    /// <inheritdoc cref="RuleRegex.Parse(ReadOnlySpan{byte}, bool, bool)"/>
    /// <exception cref="RuleFaultException">It is none.</exception>
    public static RuleRegex Parse(ReadOnlySpan<byte> pattern, bool ignoresCase, bool isContinued = false)
    {
        try
        {
            return RuleRegex.Parse(pattern, ignoresCase, isContinued);
        }
        catch (FormatException e)
        {
            throw new RuleFaultException(e.Message, e);
        }
    }
}
