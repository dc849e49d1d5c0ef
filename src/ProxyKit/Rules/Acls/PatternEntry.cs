namespace ProxyKit.Rules.Acls;

/// <summary>A pattern of a list, or a line of a map.</summary>
/// <remarks>Key, order and line never change. The value is replaced as a whole and the entry removed for good, by whoever holds the lock of
/// the list; readers see either at once.</remarks>
internal sealed class PatternEntry(byte[] key, PatternValue? value, long order, int line)
{
    private volatile PatternValue? _value = value;
    private volatile bool _isRemoved;

    /// <summary>The pattern's text.</summary>
    public byte[] Key => key;

    /// <summary>Where it stands among the others; never used twice in a list.</summary>
    public long Order => order;

    /// <summary>How many bytes key and value are.</summary>
    public int Length => key.Length + (_value?.Text.Length ?? 0);

    /// <summary>Its line in the file, from 1; 0 for one that came while the proxy ran.</summary>
    public int Line => line;

    /// <summary>What the map has for the key; null in a list without values.</summary>
    public PatternValue? Value
    {
        get => _value;
        set => _value = value;
    }

    /// <summary>Whether it counts no more.</summary>
    public bool IsRemoved => _isRemoved;

    /// <summary>Another entry of the same key; the list's own, under its lock.</summary>
    public PatternEntry? SameKey { get; set; }

    public void Remove() => _isRemoved = true;
}
