using System.Text.RegularExpressions;
using ProxyKit.Regexes;

namespace ProxyKit.Rules;

/// <summary>Searches for a regular expression in .NET's syntax, in time linear in the text whatever the expression, so no time limit is needed.</summary>
internal sealed class RegexPattern : BytePattern
{
    private readonly RuleRegex _regex;
    private readonly bool _ignoresCase;

    /// <param name="pattern">The expression, from the user.</param>
    /// <param name="ignoresCase">Whether the case of letters does not matter.</param>
    /// <param name="parameter">The name of the user's parameter, for the message.</param>
    public RegexPattern(string? pattern, bool ignoresCase, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern, parameter);
        _ignoresCase = ignoresCase;
        try
        {
            _regex = RuleRegex.LinearOf(pattern, ignoresCase);
        }
        catch (Exception e) when (e is RegexParseException or NotSupportedException)
        {
            // Not supported: look-around, back-references, atomic groups, and expressions too large.
            throw new ArgumentException(
                $"'{pattern}' is no regular expression that can be searched in linear time: {e.Message}", parameter, e);
        }
    }

    public override bool Matches(ReadOnlySpan<byte> text) => _regex.IsFoundIn(text);

    public override string ToString() => $"matches {_regex}" + (_ignoresCase ? " in any case" : "");
}
