using System.Text.Json;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>The report for programs: every round of every contender.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    public static string Write(ComparisonOptions options, Surroundings surroundings, IReadOnlyList<RowResult> rows) =>
        JsonSerializer.Serialize(
            new
            {
                surroundings.Time,
                surroundings.Machine,
                surroundings.Versions,
                options.Rounds,
                TurnSeconds = options.Turn.TotalSeconds,
                Rows = rows.Select(row => new
                {
                    row.Row.Name,
                    row.Row.Title,
                    row.Workload.Unit,
                    row.Workload.AlsoUnit,
                    Bar = row.Row.Bar?.ToString(),
                    row.BarIsHeld,
                    Contenders = row.Contenders.Select(contender => new
                    {
                        contender.Name,
                        contender.Failure,
                        contender.Median,
                        RatioToHaproxy = row.Ratio(contender, Bars.Haproxy),
                        RatioToYarp = row.Ratio(contender, Bars.Yarp),
                        RatioToYarpTuned = row.Ratio(contender, Bars.YarpTuned),
                        contender.Rounds,
                    }),
                }),
            },
            Format);
}
