using ProxyKit.Benchmarks.Workloads;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>One line of the table of bars: the same work for several contenders.</summary>
/// <param name="Name">As the command line calls it.</param>
/// <param name="Workload">Made anew for each run, since it may remember what it learnt from the first contender.</param>
internal sealed record ComparisonRow(
    string Name, string Title, Func<IWorkload> Workload, Bar? Bar, IReadOnlyList<Contender> Contenders);
