using System.Text;

namespace ProxyKit.Rules;

/// <summary>Compares with a literal of ASCII text. Equal literals are equal, so that they can be keys.</summary>
internal sealed class LiteralPattern : BytePattern, IEquatable<LiteralPattern>
{
    private readonly string _text;

    /// <param name="relation">How the text must relate to the literal.</param>
    /// <param name="text">The literal; ASCII, so that a comparison without case is one of ASCII letters.</param>
    /// <param name="ignoresCase">Whether the case of letters does not matter.</param>
    public LiteralPattern(TextRelation relation, string text, bool ignoresCase)
    {
        Relation = relation;
        IgnoresCase = ignoresCase;
        _text = text;
        Bytes = Encoding.ASCII.GetBytes(text);
    }

    public TextRelation Relation { get; }

    public bool IgnoresCase { get; }

    public byte[] Bytes { get; }

    public override LiteralPattern? Key => Relation switch
    {
        TextRelation.Is => this,
        TextRelation.IsUnder or TextRelation.BeginsWith when _text is not ("" or "/") => this, // which nearly all paths begin with
        _ => null,
    };

    public override bool Matches(ReadOnlySpan<byte> text)
    {
        var length = Bytes.Length;
        if (text.Length < length)
        {
            return false;
        }

        return Relation switch
        {
            TextRelation.Is => text.Length == length && IsSame(text),
            TextRelation.IsUnder => (text.Length == length ? length > 0 : text[length] == '/') && IsSame(text[..length]),
            TextRelation.BeginsWith => IsSame(text[..length]),
            TextRelation.EndsWith => IsSame(text[^length..]),
            _ => IgnoresCase ? ContainsIgnoringCase(text) : text.IndexOf(Bytes) >= 0,
        };
    }

    public bool Equals(LiteralPattern? other) =>
        other is not null && Relation == other.Relation && IgnoresCase == other.IgnoresCase && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as LiteralPattern);

    public override int GetHashCode() => HashCode.Combine(Relation, IgnoresCase, _text);

    public override string ToString()
    {
        var verb = Relation switch
        {
            TextRelation.Is => "is",
            TextRelation.IsUnder => "is under",
            TextRelation.BeginsWith => "begins with",
            TextRelation.EndsWith => "ends with",
            _ => "contains",
        };
        var literal = _text switch
        {
            "" when Relation is TextRelation.IsUnder => "/",
            "" => "\"\"",
            _ => _text.Contains(' ') ? $"\"{_text}\"" : _text,
        };
        return IgnoresCase ? $"{verb} {literal} in any case" : $"{verb} {literal}";
    }

    private bool IsSame(ReadOnlySpan<byte> text) => IgnoresCase ? Ascii.EqualsIgnoreCase(text, Bytes) : text.SequenceEqual(Bytes);

    private bool ContainsIgnoringCase(ReadOnlySpan<byte> text)
    {
        if (Bytes.Length == 0)
        {
            return true;
        }

        var first = Bytes[0];
        var other = char.IsAsciiLetter((char)first) ? (byte)(first ^ 0x20) : first;
        while (text.Length >= Bytes.Length)
        {
            var at = text[..^(Bytes.Length - 1)].IndexOfAny(first, other);
            if (at < 0)
            {
                return false;
            }

            if (IsSame(text.Slice(at, Bytes.Length)))
            {
                return true;
            }

            text = text[(at + 1)..];
        }

        return false;
    }
}
