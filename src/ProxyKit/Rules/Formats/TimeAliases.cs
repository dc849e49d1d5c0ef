using ProxyKit.Logging;

namespace ProxyKit.Rules.Formats;

/// <summary>When it was, and how long it took.</summary>
internal static class TimeAliases
{
    public static readonly FormatAlias[] All =
    [
        new("t", static (scoped in f, ref w) => DateText.WritePrecise(ref w, Local(f, f.AcceptedAt))),
        new("T", static (scoped in f, ref w) => DateText.WriteZoned(ref w, f.AcceptedAt.ToUniversalTime())),
        new("Tl", static (scoped in f, ref w) => DateText.WriteZoned(ref w, Local(f, f.AcceptedAt))),
        new("Ts", static (scoped in f, ref w) => w.Number(f.AcceptedAt.ToUnixTimeSeconds(), hexDigits: 4, digits: 1)),
        new("ms", static (scoped in f, ref w) => w.Number(f.AcceptedAt.Millisecond, hexDigits: 3, digits: 3)),
        new("tr", static (scoped in f, ref w) => DateText.WritePrecise(ref w, Local(f, f.Record.StartedAt))) { NeedsHttp = true },
        new("trg", static (scoped in f, ref w) => DateText.WriteZoned(ref w, f.Record.StartedAt.ToUniversalTime())) { NeedsHttp = true },
        new("trl", static (scoped in f, ref w) => DateText.WriteZoned(ref w, Local(f, f.Record.StartedAt))) { NeedsHttp = true },
        new("Th", static (scoped in f, ref w) => w.Number(f.Record.Timers.Handshake)),
        new("Ti", static (scoped in f, ref w) => w.Number(f.Record.Timers.Idle)) { NeedsHttp = true },
        new("TR", static (scoped in f, ref w) => w.Number(f.Record.Timers.Request)) { NeedsHttp = true },
        new("Tq", static (scoped in f, ref w) => w.Number(ToRequest(f.Record.Timers))) { NeedsHttp = true },
        new("Tw", static (scoped in f, ref w) => w.Number(f.Record.Timers.Queue)),
        new("Tc", static (scoped in f, ref w) => w.Number(f.Record.Timers.Connect)),
        new("Tr", static (scoped in f, ref w) => w.Number(f.Record.Timers.Response)) { NeedsHttp = true },
        new("Td", static (scoped in f, ref w) => w.Number(Data(f.Record))),
        new("Ta", static (scoped in f, ref w) => w.Number(f.Record.Timers.Active, f.Record.IsEarly)) { NeedsHttp = true },
        new("Tt", static (scoped in f, ref w) => w.Number(f.Record.Timers.Total, f.Record.IsEarly)),
        new("Tu", static (scoped in f, ref w) =>
            w.Number(f.Record.Timers.Total - Math.Max(0, f.Record.Timers.Idle), f.Record.IsEarly)),
    ];

    private static DateTimeOffset Local(scoped in FormatFacts facts, DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, facts.Zone);

    private static long ToRequest(ExchangeTimers timers) =>
        timers.Handshake < 0 || timers.Idle < 0 || timers.Request < 0 ? -1 : timers.Handshake + timers.Idle + timers.Request;

    /// <summary>From the response's head, or in TCP mode from the connection, to the end.</summary>
    private static long Data(in ExchangeRecord record)
    {
        var timers = record.Timers;
        return record.IsHttp
            ? timers.Response < 0
                ? -1
                : Math.Max(0, timers.Active - timers.Response - Known(timers.Connect) - Known(timers.Queue) - Known(timers.Request))
            : timers.Connect < 0 ? -1 : Math.Max(0, timers.Active - timers.Connect - Known(timers.Queue));
    }

    private static long Known(long time) => Math.Max(0, time);
}
