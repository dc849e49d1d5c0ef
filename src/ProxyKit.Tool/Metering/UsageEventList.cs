using System.Globalization;
using System.Text;
using System.Text.Json;
using ProxyKit.Billing;
using ProxyKit.Metering;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Metering;

/// <summary>Lists single events, as far as they are kept, each as soon as it is read: there may be more than memory holds. The verb <c>usage events</c>.</summary>
internal static class UsageEventList
{
    /// <returns>Whether all is well.</returns>
    public static async Task<bool> WriteAsync(UsageSource source, UsageWords words, MessageWriter messages, TextWriter output)
    {
        await output.WriteAsync(words.WritesJson ? "[" : words.WritesCsv
            ? "time,id,client,tier,frontend,backend,outcome,status,bytes_in,bytes_out,meters,route\r\n" : "").ConfigureAwait(false);
        var (between, isEmpty) = ("\n", true);
        await foreach (var e in source.ReadEventsAsync(words.ToQuery()).ConfigureAwait(false))
        {
            await output.WriteAsync(words.WritesJson ? between + Json(e) : words.WritesCsv ? Csv(e) : Line(e)).ConfigureAwait(false);
            (between, isEmpty) = (",\n", false);
        }

        await output.WriteAsync(words.WritesJson ? "\n]\n" : "").ConfigureAwait(false);
        if (isEmpty && words.Database is not null)
        {
            messages.Notice("usage : there is none: a database has single events where a gateway was told to keep them.");
        }

        if (source.HasSums)
        {
            messages.Notice("usage : what is older is kept as sums, of which 'usage report' tells; its single events are gone.");
        }

        return source.TellDamage(words, messages);
    }

    private static string Line(UsageEvent e)
    {
        var line = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Time(e)} {e.Id} {Outcome(e)} {e.Status} {Name(e.Client)} {Name(e.Tier)} {Name(e.Frontend)} {Name(e.Route)} {Name(e.Backend)} {e.BytesIn} {e.BytesOut}"));
        return line.Append(e.Meters.Count > 0 ? " " : "").Append(Meters(e)).Append('\n').ToString();

        // In quotes where it would else be taken for two words, for none, or for one in quotes; its own as a journal keeps odd characters.
        static string Name(string name) => name.Length == 0 ? "-"
            : name == "-" || name.AsSpan().ContainsAny(' ', '"') ? $"\"{name.Replace("\"", "\\x22", StringComparison.Ordinal)}\""
            : name;
    }

    private static string Csv(UsageEvent e) => string.Join(
        ',',
        Time(e),
        e.Id.ToString(),
        CsvField.Of(e.Client),
        CsvField.Of(e.Tier),
        CsvField.Of(e.Frontend),
        CsvField.Of(e.Backend),
        Outcome(e),
        UsageTable.Number(e.Status),
        UsageTable.Number(e.BytesIn),
        UsageTable.Number(e.BytesOut),
        CsvField.Of(Meters(e)),
        CsvField.Of(e.Route)) + "\r\n"; // which came last: who reads by position finds all else where it was

    private static string Json(UsageEvent e)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", Time(e));
            json.WriteString("id", e.Id);
            json.WriteString("client", e.Client);
            json.WriteString("tier", e.Tier);
            json.WriteString("frontend", e.Frontend);
            json.WriteString("route", e.Route);
            json.WriteString("backend", e.Backend);
            json.WriteString("outcome", Outcome(e));
            json.WriteNumber("status", e.Status);
            json.WriteNumber("bytesIn", e.BytesIn);
            json.WriteNumber("bytesOut", e.BytesOut);
            json.WriteStartObject("meters");
            foreach (var meter in e.Meters.GroupBy(static m => m.Meter, StringComparer.Ordinal))
            {
                json.WriteNumber(meter.Key, meter.Sum(static m => (decimal)m.Quantity));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string Meters(UsageEvent e) => string.Join(' ', e.Meters.Select(static m => $"{m.Meter}={UsageTable.Number(m.Quantity)}"));

    private static string Outcome(UsageEvent e) => e.Outcome switch
    {
        UsageOutcome.Served => "served",
        UsageOutcome.Failed => "failed",
        UsageOutcome.Refused => "refused",
        _ => "adjustment",
    };

    private static string Time(UsageEvent e) => e.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
