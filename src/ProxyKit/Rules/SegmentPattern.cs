using System.Text;

namespace ProxyKit.Rules;

/// <summary>A path by its segments: literal ones, <c>{name}</c> for one that is not empty, <c>{*name}</c> for all that follow.</summary>
internal sealed class SegmentPattern : BytePattern
{
    private readonly string _text;
    private readonly bool _ignoresCase;
    private readonly byte[]?[] _segments; // null for one that is whatever is there
    private readonly bool _isOpen; // ends in {*name}

    /// <param name="pattern">The pattern from the user, checked to be a path.</param>
    /// <param name="ignoresCase">Whether the case of letters in literal segments does not matter.</param>
    /// <param name="parameter">The name of the user's parameter, for the message.</param>
    public SegmentPattern(string pattern, bool ignoresCase, string parameter)
    {
        _text = pattern;
        _ignoresCase = ignoresCase;
        var names = new HashSet<string>();
        var segments = pattern[1..].Split('/');
        _isOpen = segments[^1].StartsWith("{*", StringComparison.Ordinal);
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            if (!segment.AsSpan().ContainsAny('{', '}'))
            {
                continue;
            }

            var name = segment is ['{', .. var inner, '}'] ? inner : "";
            if (_isOpen && i == segments.Length - 1 && name.Length > 0)
            {
                name = name[1..];
            }

            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || !names.Add(name))
            {
                throw new ArgumentException(
                    $"'{pattern}' is no path pattern: a segment is literal, {{name}} or, at the end, {{*name}}, "
                    + $"and each name of letters, digits and underscores stands there once; '{segment}' is not such a segment.",
                    parameter);
            }
        }

        _segments = [.. (_isOpen ? segments[..^1] : segments).Select(s => s.StartsWith('{') ? null : Encoding.ASCII.GetBytes(s))];
        Key = KeyOf(segments).Key;
    }

    public override LiteralPattern? Key { get; }

    public override bool Matches(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '/')
        {
            return false;
        }

        foreach (var expected in _segments)
        {
            if (text.IsEmpty)
            {
                return false;
            }

            var segment = text[1..]; // what is left begins with a slash
            var end = segment.IndexOf((byte)'/');
            segment = end < 0 ? segment : segment[..end];
            if (expected is null ? segment.IsEmpty : !IsSame(segment, expected))
            {
                return false;
            }

            text = text[(1 + segment.Length)..];
        }

        return _isOpen || text.IsEmpty;
    }

    public override string ToString() => $"is like {_text}" + (_ignoresCase ? " in any case" : "");

    private bool IsSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        _ignoresCase ? Ascii.EqualsIgnoreCase(left, right) : left.SequenceEqual(right);

    private LiteralPattern KeyOf(string[] segments)
    {
        var literals = string.Concat(segments.TakeWhile(s => !s.StartsWith('{')).Select(s => "/" + s));
        var first = Array.FindIndex(segments, s => s.StartsWith('{'));
        if (first < 0)
        {
            return new(TextRelation.Is, literals, _ignoresCase);
        }

        return _isOpen && first == segments.Length - 1
            ? new(TextRelation.IsUnder, literals, _ignoresCase)
            : new(TextRelation.BeginsWith, literals + "/", _ignoresCase);
    }
}
