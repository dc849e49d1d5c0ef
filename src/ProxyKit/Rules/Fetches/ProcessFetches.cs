using System.Globalization;
using System.Net;
using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The process and its machine: clock, chance, environment.</summary>
internal static class ProcessFetches
{
    private static readonly DateTimeOffset Started = TimeProvider.System.GetUtcNow() - TimeSpan.FromMilliseconds(AgeInMilliseconds());
    private static readonly byte[] HostName = Encoding.UTF8.GetBytes(Dns.GetHostName());

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Volatile(
            "date", SampleType.Integer, RuleStages.Always, Date, Fetch.Optional("off", ArgumentKind.Integer), Fetch.Optional("unit")),
        Fetch.Volatile("date_us", SampleType.Integer, RuleStages.Always, static use => (RuleContext _, ref Sample sample) =>
            sample.Set(use.Compiler.Time.GetUtcNow().Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond)),
        Fetch.Of("env", SampleType.String, RuleStages.Always, Environment, new KeywordArgument("name")),
        Fetch.Of("hostname", SampleType.String, RuleStages.Always, static (RuleContext _, ref Sample sample) => sample.SetString(HostName)),
        Fetch.Of("pid", SampleType.Integer, RuleStages.Always, static (RuleContext _, ref Sample sample) => sample.Set(System.Environment.ProcessId)),
        Fetch.Of("proc", SampleType.Integer, RuleStages.Always, static (RuleContext _, ref Sample sample) => sample.Set(1)),
        Fetch.Of("nbproc", SampleType.Integer, RuleStages.Always, static (RuleContext _, ref Sample sample) => sample.Set(1)),

        // Threads are the runtime's, and have no numbers: the first is as good as any.
        Fetch.Of("thread", SampleType.Integer, RuleStages.Always, static (RuleContext _, ref Sample sample) => sample.Set(0)),
        Fetch.Of("tgroup", SampleType.Integer, RuleStages.Always, static (RuleContext _, ref Sample sample) => sample.Set(0)),
        Fetch.Volatile("rand", SampleType.Integer, RuleStages.Always, Chance, Fetch.Optional("range", ArgumentKind.Integer)),
        Fetch.Volatile("uuid", SampleType.String, RuleStages.Always, Uuid, Fetch.Optional("version", ArgumentKind.Integer)),
        Fetch.Of("uptime", SampleType.Integer, RuleStages.Always, static use => (RuleContext _, ref Sample sample) =>
            sample.Set((long)(use.Compiler.Time.GetUtcNow() - Started).TotalSeconds)),
        Fetch.Of("stopping", SampleType.Boolean, RuleStages.Internal, static use =>
        {
            var isStopping = use.Compiler.IsStopping;
            return (RuleContext _, ref Sample sample) => sample.Set(isStopping());
        }),
        Fetch.Of("act_conn", SampleType.Integer, RuleStages.Always, static (RuleContext context, ref Sample sample) =>
            context.Host is { } host && sample.Set(host.Describe().Concurrency.Process)),

        // Never false: there is no sample where there is no QUIC, and there is none yet.
        Fetch.Of("quic_enabled", SampleType.Boolean, RuleStages.Always, static (RuleContext _, ref Sample _) => false),

        Fetch.Of("wait_end", SampleType.Boolean, RuleStages.Internal, WaitEnd),
        Fetch.Of("last_entity", SampleType.String, RuleStages.Internal, static (RuleContext context, ref Sample sample) =>
            context.LastRule is { } place && Fetch.SetText(context, ref sample, place)),
        Fetch.Of("waiting_entity", SampleType.String, RuleStages.Internal, static (RuleContext context, ref Sample sample) =>
            context.WaitingRule is { } place && Fetch.SetText(context, ref sample, place)),
        Fetch.Of("last_rule_file", SampleType.String, RuleStages.Internal, static (RuleContext context, ref Sample sample) =>
            context.LastRule is { } place && place.LastIndexOf(':') is > 0 and var colon && Fetch.SetText(context, ref sample, place[..colon])),
        Fetch.Of("last_rule_line", SampleType.Integer, RuleStages.Internal, static (RuleContext context, ref Sample sample) =>
            context.LastRule is { } place && int.TryParse(place.AsSpan(place.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            && sample.Set(line)),
        Fetch.Of("prio_class", SampleType.Integer, RuleStages.Internal, static (RuleContext context, ref Sample sample) =>
            context.HasStream && sample.Set(context.Settings.PriorityClass)),
        Fetch.Of("prio_offset", SampleType.Integer, RuleStages.Internal, static (RuleContext context, ref Sample sample) =>
            context.HasStream && sample.Set(context.Settings.PriorityOffset)),
    ];

    private static SampleFetch Date(KeywordUse use)
    {
        var unit = DateUnit.Parse(use.Arguments.Text(1));
        if (use.Arguments.Count > 1 && !use.Arguments.IsGiven(0))
        {
            throw new RuleFaultException("an integer is expected before the unit: write date(0,ms)");
        }

        var offset = use.Arguments.Integer(0);
        var time = use.Compiler.Time;
        return (RuleContext _, ref Sample sample) => sample.Set(unchecked(unit.CountOf(time.GetUtcNow()) + offset));
    }

    private static SampleFetch Environment(KeywordUse use)
    {
        // HAProxy asks each time, but nothing changes the environment of a process that runs.
        var value = System.Environment.GetEnvironmentVariable(use.Arguments.Text(0)) is { } text ? Encoding.UTF8.GetBytes(text) : null;
        return (RuleContext _, ref Sample sample) => value is not null && sample.SetString(value);
    }

    private static SampleFetch Chance(KeywordUse use)
    {
        var range = (ulong)(uint)use.Arguments.Integer(0, fallback: 0);
        range = use.Arguments.IsGiven(0) ? range : 1UL << 32;
        return (RuleContext _, ref Sample sample) => sample.Set((long)(((ulong)Random.Shared.NextInt64(1L << 32) * range) >> 32));
    }

    private static SampleFetch Uuid(KeywordUse use)
    {
        var version = use.Arguments.Integer(0, fallback: 4);
        var time = use.Compiler.Time;
        return version is 4 or 7
            ? (RuleContext context, ref Sample sample) =>
            {
                var text = context.Scratch.Rent(36);
                (version == 4 ? Guid.NewGuid() : Guid.CreateVersion7(time.GetUtcNow())).TryFormat(text, out _);
                return sample.SetString(text);
            }
            : throw new RuleFaultException($"unsupported UUID version {version}: it is 4 or 7");
    }

    /// <summary>Pending until there is no more to wait for; never false.</summary>
    private static bool WaitEnd(RuleContext context, ref Sample sample)
    {
        context.IsPending |= !context.HasAll;
        return context.HasAll && sample.Set(true);
    }

    private static double AgeInMilliseconds()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return (DateTime.UtcNow - process.StartTime.ToUniversalTime()).TotalMilliseconds;
    }
}
