using ProxyKit.Statistics;

namespace ProxyKit.Rules;

/// <summary>What expressions can tell of a bind.</summary>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="Id">Its number among the binds of its frontend, from 1; 0 for none.</param>
internal sealed record BindFacts(string? Name, int Id)
{
    /// <summary>Of no bind.</summary>
    public static BindFacts None { get; } = new(null, 0);

    /// <summary>How many client connections it has now.</summary>
    public Func<int> Connections { get; init; } = static () => 0;

    /// <summary>What came to its listener, and how it went; outlives snapshots.</summary>
    public TrafficCounters Traffic { get; init; } = new(TimeProvider.System);
}
