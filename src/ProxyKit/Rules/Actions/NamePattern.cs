using System.Text;
using ProxyKit.Regexes;
using ProxyKit.Rules.Acls;

namespace ProxyKit.Rules.Actions;

/// <summary>Finds header fields by their names.</summary>
internal sealed class NamePattern
{
    private const int LongestName = 512; // names longer than that are compared in memory of their own

    private readonly HeaderNameMatch _match;
    private readonly byte[] _text;
    private readonly string _source;
    private readonly RuleRegex? _regex;

    /// <exception cref="ArgumentException">It is no regular expression, or empty.</exception>
    public NamePattern(string text, HeaderNameMatch match)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (!Enum.IsDefined(match))
        {
            throw new ArgumentException($"-m with unsupported matching method '{match}'", nameof(match));
        }

        _source = text;
        _match = match;
        _text = Encoding.UTF8.GetBytes(text.ToLowerInvariant());
        _regex = match == HeaderNameMatch.Regex ? RegexReplacement.RegexOf(text, nameof(text)) : null;
    }

    public bool Matches(ReadOnlySpan<byte> name) => _regex is null ? Matches(name, _text, _match) : IsFoundIn(name, _regex);

    /// <summary>Compares a name with a text in lower case, by any method but that of regular expressions.</summary>
    public static bool Matches(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, HeaderNameMatch match)
    {
        if (name.Length < text.Length)
        {
            return false;
        }

        switch (match)
        {
            case HeaderNameMatch.Exact:
                return Ascii.EqualsIgnoreCase(name, text);
            case HeaderNameMatch.Prefix:
                return Ascii.EqualsIgnoreCase(name[..text.Length], text);
            case HeaderNameMatch.Suffix:
                return Ascii.EqualsIgnoreCase(name[^text.Length..], text);
            default:
                for (var start = 0; start + text.Length <= name.Length; start++)
                {
                    if (Ascii.EqualsIgnoreCase(name.Slice(start, text.Length), text))
                    {
                        return true;
                    }
                }

                return false;
        }
    }

    /// <summary>The flag of a method, with a blank in front; nothing for the usual one.</summary>
    public static string FlagOf(HeaderNameMatch match) => match switch
    {
        HeaderNameMatch.Exact => "",
        HeaderNameMatch.Prefix => " -m beg",
        HeaderNameMatch.Suffix => " -m end",
        HeaderNameMatch.Contains => " -m sub",
        _ => " -m reg",
    };

    public override string ToString() => _source + FlagOf(_match);

    // Apart from the others, which would pay for the space on the stack as well.
    private static bool IsFoundIn(ReadOnlySpan<byte> name, RuleRegex regex)
    {
        var lower = name.Length <= LongestName ? stackalloc byte[LongestName] : new byte[name.Length];
        Ascii.ToLower(name, lower, out var length);
        return regex.IsFoundIn(lower[..length]);
    }
}
