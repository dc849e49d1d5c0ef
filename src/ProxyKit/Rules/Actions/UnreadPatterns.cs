namespace ProxyKit.Rules.Actions;

/// <summary>Stands for a file that no condition and no map reads: what rules write to it nobody would see.</summary>
internal sealed class UnreadPatterns : IPatternStore
{
    public void Set(string key, string value)
    {
    }

    public void Add(string key)
    {
    }

    public void Remove(string key)
    {
    }
}
