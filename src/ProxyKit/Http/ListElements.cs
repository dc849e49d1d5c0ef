namespace ProxyKit.Http;

/// <summary>Walks the elements of a comma-separated field value (RFC 9110 §5.6.1), empty ones included. Quoted commas are not known
/// here: none of the fields we read this way may hold a quoted string.</summary>
internal ref struct ListElements(ReadOnlySpan<byte> value)
{
    private readonly ReadOnlySpan<byte> _value = value;
    private int _next;

    /// <summary>The element the walk stands at, without the blanks around it.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly ListElements GetEnumerator() => this;

    /// <summary>Goes to the next element; an empty value has one, which is empty.</summary>
    public bool MoveNext()
    {
        if (_next > _value.Length)
        {
            return false;
        }

        var rest = _value[_next..];
        var comma = rest.IndexOf((byte)',');
        var length = comma < 0 ? rest.Length : comma;
        Current = TrimBlanks(rest[..length]);
        _next += length + 1;
        return true;
    }

    /// <summary>Without the blanks around it (RFC 9110: OWS).</summary>
    public static ReadOnlySpan<byte> TrimBlanks(ReadOnlySpan<byte> value)
    {
        var start = 0;
        var end = value.Length;
        while (start < end && value[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }

        while (end > start && value[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        return value[start..end];
    }
}
