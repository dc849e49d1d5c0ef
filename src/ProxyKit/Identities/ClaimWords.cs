namespace ProxyKit.Identities;

/// <summary>The words of a claim: those of a text, with blanks between them, or the elements of an array; a claim of another kind is one word.</summary>
internal ref struct ClaimWords
{
    private readonly ReadOnlySpan<byte> _raw;
    private readonly JsonKind _kind;
    private int _position;

    /// <param name="kind">What the claim is.</param>
    /// <param name="raw">Its text, a string with its quotes.</param>
    /// <param name="position">Where an earlier walk stood; 0 for the start.</param>
    public ClaimWords(JsonKind kind, ReadOnlySpan<byte> raw, int position = 0)
    {
        _kind = kind;
        _raw = kind == JsonKind.String ? raw[1..^1] : raw;
        _position = position;
    }

    /// <summary>The word the walk stands at; escapes are still in it.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Where to go on from later.</summary>
    public readonly int Position => _position;

    /// <summary>Whether a claim is a text, or has it as one of its words. Compared whole and with case.</summary>
    public static bool Contains(ClaimSet claims, ClaimPath path, ReadOnlySpan<byte> word)
    {
        if (!path.TryFind(claims, out var kind, out var raw))
        {
            return false;
        }

        if (kind == JsonKind.String && IsSame(raw[1..^1], word))
        {
            return true;
        }

        var words = new ClaimWords(kind, raw);
        while (words.MoveNext())
        {
            if (IsSame(words.Current, word))
            {
                return true;
            }
        }

        return false;
    }

    public bool MoveNext()
    {
        switch (_kind)
        {
            case JsonKind.String:
                while (_position < _raw.Length && _raw[_position] == ' ')
                {
                    _position++;
                }

                var length = _raw[Math.Min(_position, _raw.Length)..].IndexOf((byte)' ');
                length = length < 0 ? _raw.Length - _position : length;
                Current = _raw.Slice(_position, length);
                _position += length;
                return length > 0;
            case JsonKind.Array:
                while (JsonText.TryReadElement(_raw, ref _position, out var kind, out var element))
                {
                    if (kind is not (JsonKind.Object or JsonKind.Array or JsonKind.Null))
                    {
                        Current = kind == JsonKind.String ? element[1..^1] : element;
                        return true;
                    }
                }

                return false;
            case JsonKind.Number or JsonKind.True or JsonKind.False when _position == 0:
                Current = _raw;
                _position = _raw.Length;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether a word with escapes in it says the same as one without.</summary>
    public static bool IsSame(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> word)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return raw.SequenceEqual(word);
        }

        if (raw.Length > 6 * word.Length)
        {
            return false;
        }

        Span<byte> text = raw.Length <= 512 ? stackalloc byte[raw.Length] : new byte[raw.Length];
        return JsonString.TryUnescape(raw, text, out var length) && text[..length].SequenceEqual(word);
    }
}
