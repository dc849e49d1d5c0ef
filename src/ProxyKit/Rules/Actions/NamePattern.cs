using System.Text;
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

    public bool Matches(ReadOnlySpan<byte> name)
    {
        if (_match == HeaderNameMatch.Exact)
        {
            return Ascii.EqualsIgnoreCase(name, _text);
        }

        var lower = name.Length <= LongestName ? stackalloc byte[LongestName] : new byte[name.Length];
        Ascii.ToLower(name, lower, out var length);
        lower = lower[..length];
        return _match switch
        {
            HeaderNameMatch.Prefix => lower.StartsWith(_text),
            HeaderNameMatch.Suffix => lower.EndsWith(_text),
            HeaderNameMatch.Contains => lower.IndexOf(_text) >= 0,
            _ => _regex!.IsFoundIn(lower), // made for this method
        };
    }

    public override string ToString() => _match switch
    {
        HeaderNameMatch.Exact => _source,
        HeaderNameMatch.Prefix => $"{_source} -m beg",
        HeaderNameMatch.Suffix => $"{_source} -m end",
        HeaderNameMatch.Contains => $"{_source} -m sub",
        _ => $"{_source} -m reg",
    };
}
