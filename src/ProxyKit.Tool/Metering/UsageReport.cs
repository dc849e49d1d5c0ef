using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ProxyKit.Billing;
using ProxyKit.Metering;
using ProxyKit.PostgreSql.Schema;
using ProxyKit.Tool.CommandLines;
using ProxyKit.Tool.Messages;

namespace ProxyKit.Tool.Metering;

/// <summary>Says what was used and what it costs. The verb <c>usage</c>.</summary>
internal static class UsageReport
{
    public static async Task<int> RunAsync(UsageWords words, MessageWriter messages, TextWriter output)
    {
        if (words.Database is null && !Directory.Exists(words.Journal))
        {
            messages.Alert($"usage : there is no journal '{words.Journal}'.");
            return ExitCodes.Failed;
        }

        try
        {
            var source = new UsageSource(words);
            await using (source.ConfigureAwait(false))
            {
                return await (words.Task switch
                {
                    "report" => ReportAsync(source, words, messages, output),
                    "invoice" => UsageInvoices.WriteAsync(source, words, messages, output),
                    "events" => UsageEventList.WriteAsync(source, words, messages, output),
                    _ => CloseAsync(source, words, messages, output),
                }).ConfigureAwait(false) ? ExitCodes.Done : ExitCodes.Failed;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or ArgumentException or OverflowException
            or DbException or SchemaTooNewException or InvalidOperationException)
        {
            messages.Alert($"usage : {(e is ArgumentException { ParamName: { } parameter } ? e.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : e.Message)}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<bool> ReportAsync(UsageSource source, UsageWords words, MessageWriter messages, TextWriter output)
    {
        var totals = await source.ReadAsync(words.ToQuery()).ConfigureAwait(false);
        if (words.WritesJson)
        {
            WriteJson(totals, words, output);
        }
        else
        {
            await output.WriteAsync(words.WritesCsv ? Csv(totals, words) : Table(totals, words)).ConfigureAwait(false);
        }

        return source.TellDamage(words, messages);
    }

    private static async Task<bool> CloseAsync(UsageSource source, UsageWords words, MessageWriter messages, TextWriter output)
    {
        await source.SurveyAsync().ConfigureAwait(false);
        if (!source.TellDamage(words, messages))
        {
            messages.Alert("usage : a damaged journal is not closed; '--accept-damage' closes it as it is.");
            return false;
        }

        var until = words.StartOf(words.Month!.Value.Until); // the words say that it is there
        if (until > DateTimeOffset.UtcNow)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'--month': {words.Month.Value.From:yyyy-MM} is not over."));
        }

        await source.CloseAsync(until).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"closed until {until:yyyy-MM-dd HH:mm} UTC")).ConfigureAwait(false);
        return true;
    }

    private static string Csv(IReadOnlyList<UsageTotal> totals, UsageWords words)
    {
        var csv = new StringBuilder("from,client,tier,meter,quantity,corrects\r\n");
        foreach (var total in totals)
        {
            csv.AppendJoin(',', [Time(total, words), CsvField.Of(total.Client), CsvField.Of(total.Tier), CsvField.Of(total.Meter), UsageTable.Number(total.Quantity), Corrects(total)]);
            csv.Append("\r\n");
        }

        return csv.ToString();
    }

    private static string Table(IReadOnlyList<UsageTotal> totals, UsageWords words)
    {
        List<string[]> rows = [["FROM", "CLIENT", "TIER", "METER", "QUANTITY", "CORRECTS"]];
        rows.AddRange(totals.Select(t => (string[])[Time(t, words), t.Client, t.Tier, t.Meter, UsageTable.Number(t.Quantity), Corrects(t)]));
        return UsageTable.Aligned(rows, right: [4]);
    }

    private static void WriteJson(IReadOnlyList<UsageTotal> totals, UsageWords words, TextWriter output)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            foreach (var total in totals)
            {
                json.WriteStartObject();
                json.WriteString("from", Time(total, words));
                json.WriteString("client", total.Client);
                json.WriteString("tier", total.Tier);
                json.WriteString("meter", total.Meter);
                json.WriteNumber("quantity", total.Quantity);
                if (total.CorrectsHour is not null)
                {
                    json.WriteString("corrects", Corrects(total));
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>When the total's time began; empty where it goes over all that was asked for, and that has no beginning.</summary>
    private static string Time(UsageTotal total, UsageWords words) => words.By == UsageResolution.All && words.From is null && words.Month is null
        ? ""
        : Utc(total.From);

    private static string Corrects(UsageTotal total) => total.CorrectsHour is { } hour ? Utc(hour) : "";

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
