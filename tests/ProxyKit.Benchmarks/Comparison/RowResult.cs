using ProxyKit.Benchmarks.Workloads;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>A row with what its contenders measured.</summary>
internal sealed record RowResult(ComparisonRow Row, IWorkload Workload, IReadOnlyList<ContenderResult> Contenders)
{
    private readonly Dictionary<string, double> _medians =
        Contenders.Where(c => c.Median is not null).ToDictionary(c => c.Name, c => c.Median!.Value); // just asked for

    public bool HasErrors => Contenders.Any(c => c.Failure is not null || c.Median is { Errors: > 0 });

    public bool? BarIsHeld => Row.Bar?.IsHeld(_medians);

    /// <summary>Whether one limit of the bar, which must be there, holds.</summary>
    public bool? IsHeld(Limit limit) => _medians.TryGetValue(Row.Bar!.Contender, out var value) ? limit.IsHeldBy(value, _medians) : null;

    /// <summary>A contender's median over that of another proxy in the same shape.</summary>
    public double? Ratio(ContenderResult contender, string proxy) =>
        Contenders.FirstOrDefault(other => other.Contender.Proxy.Name == proxy && other.Contender.Shape == contender.Contender.Shape)
            is { Median.Value: var reference } && contender.Median is { Value: var value } ? value / reference : null;
}
