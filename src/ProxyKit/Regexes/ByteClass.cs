using System.Globalization;
using System.Text;

namespace ProxyKit.Regexes;

/// <summary>A set of bytes: what a class of a regular expression matches.</summary>
internal sealed class ByteClass
{
    private readonly bool[] _members = new bool[256];

    private ByteClass(Func<int, bool>? has = null)
    {
        for (var i = 0; has is not null && i < 256; i++)
        {
            _members[i] = has(i);
        }
    }

    /// <summary>The class that an escape sequence is; null where it is none.</summary>
    public static ByteClass? OfEscape(char letter) => letter switch
    {
        'd' => new(static b => b is >= '0' and <= '9'),
        'w' => new(static b => char.IsAsciiLetterOrDigit((char)b) || b == '_'),
        's' => new(static b => b is >= 9 and <= 13 or ' '),
        'h' => new(static b => b is '\t' or ' ' or 0xA0),
        'v' => new(static b => b is >= 10 and <= 13 or 0x85),
        'D' or 'W' or 'S' or 'H' or 'V' => OfEscape(char.ToLowerInvariant(letter))?.Invert(),
        'N' => new(static b => b != '\n'),
        _ => null,
    };

    /// <summary>The character that an escape sequence is: one of control, or one by its number.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="letter">The letter behind the backslash.</param>
    /// <param name="position">Where the expression goes on; moves behind the number.</param>
    /// <returns>The character; null where the sequence is none.</returns>
    public static char? EscapedCharacter(string pattern, char letter, ref int position)
    {
        switch (letter)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'a':
                return '\a';
            case 'e':
                return '\e';
            case 'c' when position < pattern.Length && pattern[position] is >= ' ' and <= '~':
                return (char)(char.ToUpperInvariant(pattern[position++]) ^ 0x40);
            case 'x':
                var isBraced = position < pattern.Length && pattern[position] == '{';
                position += isBraced ? 1 : 0;
                var value = Number(pattern, ref position, 16, isBraced ? 8 : 2);
                position += isBraced ? 1 : 0;
                return value < 256 ? (char)value : null;
            case >= '0' and <= '7':
                position--;
                return (char)(Number(pattern, ref position, 8, 3) & 0xFF);
            default:
                return null;
        }
    }

    /// <summary>Reads a class.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="position">Behind the opening bracket; moves behind the closing one.</param>
    /// <param name="ignoresCase">Whether it has an ASCII letter in either case, or in neither.</param>
    public static ByteClass Parse(string pattern, ref int position, bool ignoresCase)
    {
        var result = new ByteClass();
        var inverts = position < pattern.Length && pattern[position] == '^';
        position += inverts ? 1 : 0;
        var start = position;
        while (true)
        {
            if (position >= pattern.Length)
            {
                throw PerlPattern.Fault(pattern, "missing terminating ] for character class", pattern.Length);
            }

            if (pattern[position] == ']' && position > start)
            {
                position++;
                if (ignoresCase)
                {
                    result.IgnoreCase(); // before it is turned round: [^a] has no A either
                }

                return inverts ? result.Invert() : result;
            }

            var first = ReadMember(pattern, ref position, result);
            var last = first;
            if (position + 1 < pattern.Length && pattern[position] == '-' && pattern[position + 1] != ']')
            {
                position++;
                last = ReadMember(pattern, ref position, result);
                if (first is null || last is null) // one end is a class
                {
                    throw PerlPattern.Fault(pattern, "invalid range in character class", position);
                }
            }

            if (last < first)
            {
                throw PerlPattern.Fault(pattern, "range out of order in character class", position);
            }

            if (first is { } low && last is { } high)
            {
                result._members.AsSpan(low..(high + 1)).Fill(true);
            }
        }
    }

    /// <summary>Whether it has some of the bytes beyond ASCII and others not.</summary>
    public bool TellsBytesApart => _members.AsSpan(0x80).Contains(true) && _members.AsSpan(0x80).Contains(false);

    /// <summary>Writes it for .NET.</summary>
    public void AppendTo(StringBuilder text)
    {
        if (!_members.Contains(false))
        {
            text.Append(@"[\s\S]");
            return;
        }

        text.Append(_members.Contains(true) ? "[" : @"[^\s\S");
        for (var i = 0; i < 256; i++)
        {
            var start = i;
            while (i < 256 && _members[i])
            {
                i++;
            }

            if (i > start)
            {
                Append(text, (char)start);
                Append(i > start + 1 ? text.Append('-') : new StringBuilder(), (char)(i - 1));
            }
        }

        text.Append(']');
    }

    /// <summary>Writes a character by its number, which has no other meaning in a class or outside.</summary>
    public static void Append(StringBuilder text, char c) => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");

    /// <summary>Reads one character of a class, or adds a class within it.</summary>
    private static int? ReadMember(string pattern, ref int position, ByteClass into)
    {
        var c = pattern[position++];
        if (c == '[' && position < pattern.Length && pattern[position] == ':'
            && pattern.IndexOf(":]", position + 1, StringComparison.Ordinal) is > 0 and var end)
        {
            var name = pattern[(position + 1)..end];
            var named = Named(name.TrimStart('^'))
                ?? throw PerlPattern.Fault(pattern, "unknown POSIX class name", position);
            into.Add(name.StartsWith('^') ? named.Invert() : named);
            position = end + 2;
            return null;
        }

        if (c != '\\' || position == pattern.Length)
        {
            return c & 0xFF;
        }

        c = pattern[position++];
        if (c != 'N' && OfEscape(c) is { } members)
        {
            into.Add(members);
            return null;
        }

        if (c == 'b')
        {
            return '\b';
        }

        // As outside of classes: a letter that means nothing there may have been meant to mean something.
        return EscapedCharacter(pattern, c, ref position)
            ?? (char.IsAsciiLetter(c) ? throw PerlPattern.Fault(pattern, "unrecognized character follows \\", position) : c & 0xFF);
    }

    private static ByteClass? Named(string name) => name switch
    {
        "alpha" => new(static b => char.IsAsciiLetter((char)b)),
        "digit" => OfEscape('d'),
        "alnum" => new(static b => char.IsAsciiLetterOrDigit((char)b)),
        "upper" => new(static b => char.IsAsciiLetterUpper((char)b)),
        "lower" => new(static b => char.IsAsciiLetterLower((char)b)),
        "space" => OfEscape('s'),
        "blank" => new(static b => b is '\t' or ' '),
        "punct" => new(static b => b is > ' ' and < 0x7F && !char.IsAsciiLetterOrDigit((char)b)),
        "print" => new(static b => b is >= ' ' and < 0x7F),
        "graph" => new(static b => b is > ' ' and < 0x7F),
        "cntrl" => new(static b => b is < ' ' or 0x7F),
        "xdigit" => new(static b => char.IsAsciiHexDigit((char)b)),
        "word" => OfEscape('w'),
        "ascii" => new(static b => b < 0x80),
        _ => null,
    };

    private static int Number(string pattern, ref int position, int radix, int most)
    {
        var value = 0;
        for (var i = 0; i < most && position < pattern.Length && DigitOf(pattern[position]) is var digit && digit < radix; i++, position++)
        {
            value = Math.Min((value * radix) + digit, 0x10000);
        }

        return value;
    }

    /// <summary>The value of a hexadecimal digit; more than that where it is none.</summary>
    private static int DigitOf(char c) => char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : int.MaxValue;

    /// <summary>Adds the other case of each ASCII letter.</summary>
    private void IgnoreCase()
    {
        for (var c = 'a'; c <= 'z'; c++)
        {
            _members[c] = _members[c - 0x20] |= _members[c];
        }
    }

    private ByteClass Invert() => new(b => !_members[b]);

    private void Add(ByteClass other)
    {
        for (var i = 0; i < 256; i++)
        {
            _members[i] |= other._members[i];
        }
    }
}
