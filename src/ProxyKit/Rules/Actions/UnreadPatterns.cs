namespace ProxyKit.Rules.Actions;

/// <summary>Stands for a file that no condition and no map reads: what rules write to it nobody would see.</summary>
internal sealed class UnreadPatterns : IPatternStore
{
    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
    }

    public void Add(ReadOnlySpan<byte> key)
    {
    }

    public void Remove(ReadOnlySpan<byte> key)
    {
    }
}
