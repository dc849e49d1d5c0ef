namespace ProxyKit.Rules.Actions;

/// <summary>The patterns or the map of a file, as rules change them while the proxy runs. Safe from any thread.</summary>
internal interface IPatternStore
{
    /// <summary>Gives each entry of a key a value; makes an entry where there is none.</summary>
    void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Adds an entry, unless there is one.</summary>
    void Add(ReadOnlySpan<byte> key);

    /// <summary>Removes each entry of a key.</summary>
    void Remove(ReadOnlySpan<byte> key);
}
