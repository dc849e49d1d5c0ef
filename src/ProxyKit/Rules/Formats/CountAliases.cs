namespace ProxyKit.Rules.Formats;

/// <summary>How much of it there was, and how it ended.</summary>
internal static class CountAliases
{
    public static readonly FormatAlias[] All =
    [
        new("B", static (scoped in f, ref w) => w.Number(f.Record.BytesFromServer, f.Record.IsEarly)),
        new("U", static (scoped in f, ref w) => w.Number(f.Record.BytesFromClient, f.Record.IsEarly)),
        new("ST", static (scoped in f, ref w) => w.Number(f.Record.Status)),
        new("ac", static (scoped in f, ref w) => w.Number(f.Record.Concurrency.Process)),
        new("fc", static (scoped in f, ref w) => w.Number(f.Record.Concurrency.Frontend)),
        new("bc", static (scoped in f, ref w) => w.Number(f.Record.Concurrency.Backend)),
        new("sc", static (scoped in f, ref w) => w.Number(f.Record.Concurrency.Server)),
        new("rc", static (scoped in f, ref w) => w.Number(f.Record.Retries, f.Record.Redispatched)),
        new("sq", static (scoped in f, ref w) => w.Number(f.Record.Queues.Server)),
        new("bq", static (scoped in f, ref w) => w.Number(f.Record.Queues.Backend)),
        new("lc", static (scoped in f, ref w) => w.Number(f.Record.LogNumber, hexDigits: 4, digits: 1)),
        new("rt", static (scoped in f, ref w) => w.Number(f.Record.Number, hexDigits: 4, digits: 1)),
        new("ts", static (scoped in f, ref w) => w.Text([(byte)f.Record.Cause, (byte)f.Record.Phase], TextKind.Fixed)),
        new("tsc", static (scoped in f, ref w) => w.Text(
            [(byte)f.Record.Cause, (byte)f.Record.Phase, (byte)f.Record.RequestCookie, (byte)f.Record.ResponseCookie], TextKind.Fixed)),
    ];
}
