using ProxyKit.Identities;

namespace ProxyKit.Rules.Converters;

/// <summary>Steps through JSON (RFC 8259) that somebody sent: a fault is a result and no exception, and what lies behind the value that was
/// looked for is not read.</summary>
internal ref struct JsonReader(ReadOnlySpan<byte> text)
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;

    /// <summary>Steps over a character where it is the next one behind white space.</summary>
    public bool TrySkip(char c)
    {
        if (Peek() != c)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Steps over a string and gives what is between its quotes.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> raw)
    {
        raw = default;
        if (Peek() != '"')
        {
            return false;
        }

        var start = ++_position;
        while (_position < _text.Length)
        {
            var length = _text[_position..].IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0)
            {
                return false;
            }

            _position += length;
            if (_text[_position] == '"')
            {
                raw = _text[start.._position++];
                return true;
            }

            _position += 2;
        }

        return false;
    }

    /// <summary>Steps over a value and gives its text, that of a string with its quotes.</summary>
    public bool TryReadValue(out JsonKind kind, out ReadOnlySpan<byte> raw) => TryReadValue(0, out kind, out raw);

    private bool TryReadValue(int depth, out JsonKind kind, out ReadOnlySpan<byte> raw)
    {
        var first = Peek();
        var start = _position;
        raw = default;
        kind = first switch
        {
            '"' => TryReadString(out _) ? JsonKind.String : JsonKind.None,
            '{' => depth < MaxDepth && TrySkipObject(depth + 1) ? JsonKind.Object : JsonKind.None,
            '[' => depth < MaxDepth && TrySkipArray(depth + 1) ? JsonKind.Array : JsonKind.None,
            't' => TrySkipWord("true"u8) ? JsonKind.True : JsonKind.None,
            'f' => TrySkipWord("false"u8) ? JsonKind.False : JsonKind.None,
            'n' => TrySkipWord("null"u8) ? JsonKind.Null : JsonKind.None,
            '-' or (>= '0' and <= '9') => TrySkipNumber() ? JsonKind.Number : JsonKind.None,
            _ => JsonKind.None,
        };
        if (kind == JsonKind.None)
        {
            return false;
        }

        raw = _text[start.._position];
        return true;
    }

    /// <summary>The next character behind white space; NUL at the end.</summary>
    private char Peek()
    {
        while (_position < _text.Length && _text[_position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _position++;
        }

        return _position < _text.Length ? (char)_text[_position] : '\0';
    }

    private bool TrySkipObject(int depth)
    {
        _position++;
        if (TrySkip('}'))
        {
            return true;
        }

        do
        {
            if (!TryReadString(out _) || !TrySkip(':') || !TryReadValue(depth, out _, out _))
            {
                return false;
            }
        }
        while (TrySkip(','));
        return TrySkip('}');
    }

    private bool TrySkipArray(int depth)
    {
        _position++;
        if (TrySkip(']'))
        {
            return true;
        }

        do
        {
            if (!TryReadValue(depth, out _, out _))
            {
                return false;
            }
        }
        while (TrySkip(','));
        return TrySkip(']');
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

    private bool TrySkipNumber()
    {
        _position += _text[_position] == '-' ? 1 : 0;
        if (!SkipDigits())
        {
            return false;
        }

        if (_position < _text.Length && _text[_position] == '.')
        {
            _position++;
            if (!SkipDigits())
            {
                return false;
            }
        }

        if (_position < _text.Length && _text[_position] is (byte)'e' or (byte)'E')
        {
            _position++;
            _position += _position < _text.Length && _text[_position] is (byte)'+' or (byte)'-' ? 1 : 0;
            return SkipDigits();
        }

        return true;
    }

    private bool SkipDigits()
    {
        var start = _position;
        while (_position < _text.Length && char.IsAsciiDigit((char)_text[_position]))
        {
            _position++;
        }

        return _position > start;
    }
}
