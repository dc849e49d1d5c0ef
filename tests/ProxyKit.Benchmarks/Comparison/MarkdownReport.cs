using System.Globalization;
using System.Text;
using ProxyKit.Benchmarks.Proxies;
using ProxyKit.Benchmarks.Workloads;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>The report for people.</summary>
internal sealed class MarkdownReport
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly StringBuilder _text = new();

    private MarkdownReport()
    {
    }

    public static string Write(ComparisonOptions options, Surroundings surroundings, IReadOnlyList<RowResult> rows)
    {
        var report = new MarkdownReport();
        report.WriteHead(options, surroundings);
        report.WriteSummary(rows);
        foreach (var row in rows)
            report.WriteRow(row);
        report.WriteConfigurations();
        return report._text.ToString();
    }

    private void WriteHead(ComparisonOptions options, Surroundings surroundings)
    {
        _text.AppendLine(Invariant, $"# Comparison of {surroundings.Time:yyyy-MM-dd HH:mm} UTC");
        _text.AppendLine();
        _text.AppendLine(Invariant, $"{surroundings.Machine}; {string.Join("; ", surroundings.Versions)}.");
        _text.AppendLine();
        _text.AppendLine(Invariant, $"Medians of {options.Rounds} rounds of {options.Turn.TotalSeconds:F0} s, all proxies taking turns.");
        _text.AppendLine("The proxy has one core; wrk (1 thread, 64 connections) and the origin share the other.");
        _text.AppendLine("CPU time is that of the proxy's processes, user and system.");
    }

    private void WriteSummary(IReadOnlyList<RowResult> rows)
    {
        _text.AppendLine();
        _text.AppendLine(Invariant, $"| Work | {string.Join(" | ", ComparisonRows.Proxies.Select(p => p.Name))} | bar | holds |");
        _text.AppendLine(Invariant, $"|---|{string.Concat(ComparisonRows.Proxies.Select(_ => "---|"))}---|---|");
        foreach (var row in rows)
        {
            var figures = string.Join(" | ", ComparisonRows.Proxies.Select(proxy => Figures(row, proxy)));
            var bar = row.Row.Bar?.ToString() ?? "-";
            _text.AppendLine(Invariant, $"| {row.Row.Title}, {row.Workload.Unit} | {figures} | {bar} | {Verdict(row)} |");
        }
    }

    private void WriteRow(RowResult row)
    {
        _text.AppendLine();
        _text.AppendLine(Invariant, $"## {row.Row.Title} (`{row.Row.Name}`)");
        _text.AppendLine();
        var also = row.Workload.AlsoUnit is { } unit ? $" {unit} |" : "";
        _text.AppendLine(Invariant, $"| | {row.Workload.Unit} | min-max |{also} × HAProxy | × YARP | × YARP-tuned "
            + $"| requests/s | core % | p50 µs | p99 µs | peak RSS MiB | errors | other work, % of a core |");
        _text.AppendLine(Invariant, $"|---|---|---|---|---|{(also.Length > 0 ? "---|" : "")}---|---|---|---|---|---|---|---|");
        foreach (var contender in row.Contenders.Where(c => c.Median is not null))
            WriteContender(row, contender, contender.Median!); // just asked for
        foreach (var contender in row.Contenders.Where(c => c.Failure is not null))
            _text.AppendLine(Invariant, $"\n{contender.Name} failed: {contender.Failure}");
        if (row.Row.Bar is { } bar)
            _text.AppendLine(Invariant, $"\nBar: {bar.Contender} {string.Join("; ", bar.Limits.Select(limit => $"{limit}: **{Verdict(row.IsHeld(limit))}**"))}.");
    }

    private void WriteContender(RowResult row, ContenderResult contender, Measurement median)
    {
        var (least, most) = (contender.Rounds.Min(r => r.Value), contender.Rounds.Max(r => r.Value));
        _text.AppendLine(Invariant, $"| {contender.Name} | {Number(median.Value)} | {Number(least)}-{Number(most)} |"
            + $"{(row.Workload.AlsoUnit is not null ? $" {Number(median.AlsoValue)} |" : "")}"
            + $" {Number(row.Ratio(contender, Bars.Haproxy))} | {Number(row.Ratio(contender, Bars.Yarp))} | {Number(row.Ratio(contender, Bars.YarpTuned))}"
            + $" | {median.RequestsPerSecond:N0} | {median.CpuPercent:F0} | {median.P50Microseconds:N0} | {median.P99Microseconds:N0}"
            + $" | {median.PeakResidentMebibytes:F0} | {median.Errors:N0} | {median.DisturbancePercent:F0} |");
    }

    private void WriteConfigurations()
    {
        _text.AppendLine();
        _text.AppendLine(Invariant, $"## How each was configured");
        _text.AppendLine();
        foreach (var proxy in ComparisonRows.Proxies)
            _text.AppendLine(Invariant, $"- {proxy.Name}: {proxy.Configuration}.");
    }

    /// <summary>A proxy's median in a row; several, where it takes part in several shapes.</summary>
    private static string Figures(RowResult row, IProxyUnderTest proxy)
    {
        var own = row.Contenders.Where(c => c.Contender.Proxy == proxy).Select(c => Number(c.Median?.Value)).ToArray();
        return own.Length == 0 ? "-" : string.Join(", ", own);
    }

    private static string Verdict(RowResult row) => row.Row.Bar is null ? "-" : Verdict(row.BarIsHeld);

    private static string Verdict(bool? isHeld) => isHeld switch
    {
        true => "yes",
        false => "no",
        null => "not measured",
    };

    private static string Number(double? value) => value switch
    {
        null => "-",
        >= 100 => value.Value.ToString("N0", Invariant),
        >= 10 => value.Value.ToString("F1", Invariant),
        _ => value.Value.ToString("F2", Invariant),
    };
}
