namespace ProxyKit.Stickiness;

/// <summary>What is left of a Cookie field while items are taken out: as it stood, with one delimiter where something is gone.</summary>
/// <param name="room">As long as the field.</param>
internal ref struct CookieField(Span<byte> room)
{
    private readonly Span<byte> _room = room;
    private int _length;
    private bool _hasGap; // something before the next item is gone

    /// <summary>Whether anything is gone.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Whether cookies are left, rather than what only describes them (<c>$Version</c>) or nothing.</summary>
    public bool HasCookies { get; private set; }

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Written => _room[.._length].TrimEnd(" \t"u8);

    /// <summary>Takes the next item over.</summary>
    public void Keep(ReadOnlySpan<byte> text, CookieItem item)
    {
        // What describes the cookie before it goes with that.
        var describes = item.NameStart < item.NameEnd && text[item.NameStart] == '$';
        if (describes && _hasGap)
        {
            return;
        }

        HasCookies |= !describes && item.End > item.NameStart; // nothing between two delimiters is none
        Separate(text, item);
        Append(text[item.NameStart..item.End]);
    }

    /// <summary>Takes the next item over without the beginning of its value.</summary>
    public void KeepWithout(ReadOnlySpan<byte> text, CookieItem item, int length)
    {
        HasCookies = true;
        IsChanged |= length > 0;
        Separate(text, item);
        Append(text[item.NameStart..item.ValueStart]);
        Append(text[(item.ValueStart + length)..item.End]);
    }

    /// <summary>Leaves the next item out.</summary>
    public void Drop() => _hasGap = IsChanged = true;

    private void Separate(ReadOnlySpan<byte> text, CookieItem item)
    {
        if (!_hasGap)
        {
            Append(text[item.Start..item.NameStart]);
        }
        else if (_length > 0)
        {
            _length = Written.Length;
            Append([text[item.Start], (byte)' ']);
        }

        _hasGap = false;
    }

    private void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[_length..]);
        _length += bytes.Length;
    }
}
