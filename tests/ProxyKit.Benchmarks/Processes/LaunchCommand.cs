namespace ProxyKit.Benchmarks.Processes;

/// <summary>A program and what to call it with.</summary>
internal sealed record LaunchCommand(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>What its environment has besides this program's own, of which it gets no setting of the .NET runtime.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
