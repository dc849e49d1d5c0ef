using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace ProxyKit.Identities;

/// <summary>What became of the reading of an object of JSON.</summary>
internal enum JsonVerdict
{
    /// <summary>It is one.</summary>
    Valid,

    /// <summary>It is none: not JSON, not an object, too deep, or of too many members.</summary>
    Malformed,

    /// <summary>Two members of one object have the same name, so that readers may take either.</summary>
    Duplicate,

    /// <summary>A member's name has an escape in it, which a comparison by bytes would overlook.</summary>
    EscapedName,
}

/// <summary>A member of an object, by its places in the text.</summary>
/// <param name="NameStart">Where its name begins, behind the quote.</param>
/// <param name="NameLength">How long the name is.</param>
/// <param name="ValueStart">Where the value begins, a string with its quote.</param>
/// <param name="ValueLength">How long the value is.</param>
/// <param name="Kind">What the value is.</param>
internal readonly record struct JsonMember(int NameStart, int NameLength, int ValueStart, int ValueLength, JsonKind Kind)
{
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> text) => text.Slice(NameStart, NameLength);

    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text) => text.Slice(ValueStart, ValueLength);
}

/// <summary>
/// Reads JSON (RFC 8259) that strangers wrote, to the letter and in bounded time: no member twice, no name that says something else
/// than its bytes, no depth or number of members without an end. A fault is a result and no exception.
/// </summary>
internal ref struct JsonText
{
    /// <summary>How deep objects and arrays may lie in each other.</summary>
    public const int MaxDepth = 16;

    /// <summary>How many members an object may have.</summary>
    public const int MaxMembers = 128;

    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([.. "\"\\"u8, .. Enumerable.Range(0, ' ').Select(static c => (byte)c)]); // in strings

    private readonly ReadOnlySpan<byte> _text;
    private int _position;
    private int _nameStart; // of the string that was read last
    private JsonVerdict _verdict;

    private JsonText(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>Reads an object, the whole text of it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="members">Receives the members; room for <see cref="MaxMembers"/>.</param>
    /// <param name="count">How many there are.</param>
    public static JsonVerdict TryRead(ReadOnlySpan<byte> text, scoped Span<JsonMember> members, out int count)
    {
        count = 0;
        if (!Utf8.IsValid(text))
        {
            return JsonVerdict.Malformed;
        }

        var reader = new JsonText(text);
        if (reader.Peek() == '{' && reader.TryReadObject(0, members, out count) && reader.Peek() == '\0' && reader._position == text.Length)
        {
            return JsonVerdict.Valid;
        }

        return reader._verdict == JsonVerdict.Valid ? JsonVerdict.Malformed : reader._verdict;
    }

    /// <summary>Goes through the elements of an array that was found to be valid.</summary>
    /// <param name="array">The array, its brackets included.</param>
    /// <param name="position">Where to go on; 0 for the first element. Receives where the next one may be.</param>
    /// <param name="kind">What the element is.</param>
    /// <param name="raw">Its text.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryReadElement(ReadOnlySpan<byte> array, scoped ref int position, out JsonKind kind, out ReadOnlySpan<byte> raw)
    {
        var reader = new JsonText(array) { _position = Math.Max(position, 1) };
        if (reader.Peek() == ',')
        {
            reader._position++;
        }

        if (reader.Peek() is ']' or '\0' || !reader.TryReadValue(0, out kind, out var start))
        {
            kind = JsonKind.None;
            raw = default;
            return false;
        }

        raw = array[start..reader._position];
        position = reader._position;
        return true;
    }

    private bool TryReadObject(int depth, scoped Span<JsonMember> members, out int count)
    {
        count = 0;
        _position++;
        if (Peek() == '}')
        {
            _position++;
            return true;
        }

        do
        {
            if (count == members.Length || Peek() != '"' || !TrySkipString(out var hasEscape))
            {
                return false;
            }

            if (hasEscape)
            {
                _verdict = JsonVerdict.EscapedName;
                return false;
            }

            var nameStart = _nameStart;
            var nameLength = _position - 1 - nameStart;
            if (IsKnown(members[..count], nameStart, nameLength))
            {
                _verdict = JsonVerdict.Duplicate;
                return false;
            }

            if (Peek() != ':')
            {
                return false;
            }

            _position++;
            if (!TryReadValue(depth + 1, out var kind, out var start))
            {
                return false;
            }

            members[count++] = new(nameStart, nameLength, start, _position - start, kind);
        }
        while (TrySkip(','));
        return TrySkip('}');
    }

    private readonly bool IsKnown(ReadOnlySpan<JsonMember> members, int nameStart, int nameLength)
    {
        var name = _text.Slice(nameStart, nameLength);
        foreach (ref readonly var member in members)
        {
            if (member.NameLength == nameLength && member.Name(_text).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryReadValue(int depth, out JsonKind kind, out int start)
    {
        var first = Peek();
        start = _position;
        kind = first switch
        {
            '"' => TrySkipString(out _) ? JsonKind.String : JsonKind.None,
            '{' => depth < MaxDepth && TrySkipObject(depth) ? JsonKind.Object : JsonKind.None,
            '[' => depth < MaxDepth && TrySkipArray(depth) ? JsonKind.Array : JsonKind.None,
            't' => TrySkipWord("true"u8) ? JsonKind.True : JsonKind.None,
            'f' => TrySkipWord("false"u8) ? JsonKind.False : JsonKind.None,
            'n' => TrySkipWord("null"u8) ? JsonKind.Null : JsonKind.None,
            '-' or (>= '0' and <= '9') => TrySkipNumber() ? JsonKind.Number : JsonKind.None,
            _ => JsonKind.None,
        };
        return kind != JsonKind.None;
    }

    [SkipLocalsInit] // members are written before they are read
    private bool TrySkipObject(int depth)
    {
        Span<JsonMember> members = stackalloc JsonMember[MaxMembers]; // 2.5 KiB, at most MaxDepth times over
        return TryReadObject(depth, members, out _);
    }

    private bool TrySkipArray(int depth)
    {
        _position++;
        if (Peek() == ']')
        {
            _position++;
            return true;
        }

        do
        {
            if (!TryReadValue(depth + 1, out _, out _))
            {
                return false;
            }
        }
        while (TrySkip(','));
        return TrySkip(']');
    }

    private bool TrySkipString(out bool hasEscape)
    {
        hasEscape = false;
        _nameStart = ++_position;
        while (_text[_position..].IndexOfAny(NotPlain) is >= 0 and var plain)
        {
            _position += plain + 1;
            var c = _text[_position - 1];
            if (c == '"')
            {
                return true;
            }

            if (c != '\\' || !TrySkipEscape())
            {
                return false;
            }

            hasEscape = true;
        }

        return false;
    }

    private bool TrySkipEscape()
    {
        var letter = _position < _text.Length ? _text[_position++] : (byte)0;
        if (letter != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(letter);
        }

        for (var i = 0; i < 4; i++, _position++)
        {
            if (_position >= _text.Length || !char.IsAsciiHexDigit((char)_text[_position]))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySkipNumber()
    {
        _position += _text[_position] == '-' ? 1 : 0;
        var hasLeadingZero = _position < _text.Length && _text[_position] == '0';
        var digits = SkipDigits();
        if (digits == 0 || (hasLeadingZero && digits > 1))
        {
            return false;
        }

        if (IsAt('.'))
        {
            _position++;
            if (SkipDigits() == 0)
            {
                return false;
            }
        }

        if (IsAt('e') || IsAt('E'))
        {
            _position++;
            _position += IsAt('+') || IsAt('-') ? 1 : 0;
            return SkipDigits() > 0;
        }

        return true;
    }

    private int SkipDigits()
    {
        var start = _position;
        while (_position < _text.Length && char.IsAsciiDigit((char)_text[_position]))
        {
            _position++;
        }

        return _position - start;
    }

    private bool TrySkipWord(ReadOnlySpan<byte> word)
    {
        if (!_text[_position..].StartsWith(word))
        {
            return false;
        }

        _position += word.Length;
        return true;
    }

    private bool TrySkip(char c)
    {
        if (Peek() != c)
        {
            return false;
        }

        _position++;
        return true;
    }

    private readonly bool IsAt(char c) => _position < _text.Length && _text[_position] == c;

    /// <summary>The next character behind white space; NUL at the end.</summary>
    private char Peek()
    {
        while (_position < _text.Length && _text[_position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _position++;
        }

        return _position < _text.Length ? (char)_text[_position] : '\0';
    }
}
