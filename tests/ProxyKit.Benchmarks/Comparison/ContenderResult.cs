using ProxyKit.Benchmarks.Workloads;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>What a contender measured in the rounds of a row.</summary>
/// <param name="Failure">Why it has measured nothing, or nothing more.</param>
internal sealed record ContenderResult(Contender Contender, IReadOnlyList<Measurement> Rounds, string? Failure)
{
    public string Name => Contender.Name;

    public Measurement? Median { get; } = Rounds.Count == 0 ? null : Measurement.Median(Rounds);
}
