namespace ProxyKit.Benchmarks.Workloads;

/// <summary>What one proxy did in one round. What a workload does not measure is <see langword="null"/>.</summary>
internal sealed record Measurement
{
    /// <summary>The figure the row is about, in its workload's unit; less is better.</summary>
    public required double Value { get; init; }

    public double? RequestsPerSecond { get; init; }

    /// <summary>How much of its core the proxy used: well below 100 under wrk means that the load, not the proxy, was at its end.</summary>
    public double? CpuPercent { get; init; }

    public double? P50Microseconds { get; init; }

    public double? P99Microseconds { get; init; }

    /// <summary>Since the process started.</summary>
    public required double PeakResidentMebibytes { get; init; }

    /// <summary>Answers other than 2xx, connections refused or broken, requests that timed out.</summary>
    public double Errors { get; init; }

    /// <summary>What other work the machine did meanwhile, as a share of one core.</summary>
    public double? DisturbancePercent { get; init; }

    /// <summary>A second figure, where the workload has one to tell: see <see cref="IWorkload.AlsoUnit"/>.</summary>
    public double? AlsoValue { get; init; }

    /// <summary>Each figure the median of its own in <paramref name="rounds"/>, but errors, which add up.</summary>
    public static Measurement Median(IReadOnlyList<Measurement> rounds) => new()
    {
        Value = Median(rounds, m => m.Value)!.Value, // never absent
        RequestsPerSecond = Median(rounds, m => m.RequestsPerSecond),
        CpuPercent = Median(rounds, m => m.CpuPercent),
        P50Microseconds = Median(rounds, m => m.P50Microseconds),
        P99Microseconds = Median(rounds, m => m.P99Microseconds),
        PeakResidentMebibytes = rounds.Max(m => m.PeakResidentMebibytes),
        Errors = rounds.Sum(m => m.Errors),
        DisturbancePercent = Median(rounds, m => m.DisturbancePercent),
        AlsoValue = Median(rounds, m => m.AlsoValue),
    };

    private static double? Median(IReadOnlyList<Measurement> rounds, Func<Measurement, double?> figure)
    {
        var sorted = rounds.Select(figure).OfType<double>().Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
