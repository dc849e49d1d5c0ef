using System.Text.RegularExpressions;

namespace ProxyKit.Checks;

/// <summary>Regular expressions over what servers say, in time linear in that.</summary>
internal static class CheckRegex
{
    /// <exception cref="ArgumentException">It is no expression, or none that can be searched in linear time.</exception>
    public static Regex Make(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException(e.Message, nameof(pattern), e);
        }
    }

    public static bool IsMatch(Regex regex, string text) => regex.IsMatch(text);
}
