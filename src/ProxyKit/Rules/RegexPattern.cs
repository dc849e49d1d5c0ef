using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace ProxyKit.Rules;

/// <summary>Searches for a regular expression, in time linear in the text whatever the expression, so no time limit is needed.</summary>
internal sealed class RegexPattern : BytePattern
{
    private const int StackCharacters = 256; // the length of most paths and values

    private readonly Regex _regex;
    private readonly bool _ignoresCase;

    /// <param name="pattern">The expression, from the user.</param>
    /// <param name="ignoresCase">Whether the case of letters does not matter.</param>
    /// <param name="parameter">The name of the user's parameter, for the message.</param>
    public RegexPattern(string? pattern, bool ignoresCase, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern, parameter);
        _ignoresCase = ignoresCase;
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        try
        {
            _regex = new Regex(pattern, ignoresCase ? options | RegexOptions.IgnoreCase : options, Regex.InfiniteMatchTimeout);
        }
        catch (Exception e) when (e is RegexParseException or NotSupportedException)
        {
            // Not supported: look-around, back-references, atomic groups, and expressions too large.
            throw new ArgumentException(
                $"'{pattern}' is no regular expression that can be searched in linear time: {e.Message}", parameter, e);
        }
    }

    /// <summary>The expression itself, for those who need its groups.</summary>
    public Regex Regex => _regex;

    public override bool Matches(ReadOnlySpan<byte> text)
    {
        char[]? rented = null;
        var characters = text.Length <= StackCharacters
            ? stackalloc char[StackCharacters]
            : rented = ArrayPool<char>.Shared.Rent(text.Length);
        characters = characters[..Encoding.Latin1.GetChars(text, characters)];
        var matches = _regex.IsMatch(characters);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return matches;
    }

    public override string ToString() => $"matches {_regex}" + (_ignoresCase ? " in any case" : "");
}
