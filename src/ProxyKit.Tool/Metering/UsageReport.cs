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
                    "invoice" => InvoiceAsync(source, words, messages, output),
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

    /// <summary>Tells what of a journal could not be read.</summary>
    /// <returns>Whether there is nothing, or it is accepted.</returns>
    private static bool TellDamage(UsageSource source, UsageWords words, MessageWriter messages)
    {
        foreach (var place in source.Damage)
        {
            messages.Warning($"usage : the journal is damaged: {place}. What was used there is not counted.");
        }

        if (source.UnfinishedBytes > 0)
        {
            messages.Notice(string.Create(
                CultureInfo.InvariantCulture, $"usage : the last {source.UnfinishedBytes} bytes of the journal are a write that was not finished. Nobody was told that it is safe."));
        }

        return source.Damage.Count == 0 || words.AcceptsDamage;
    }

    private static async Task<bool> ReportAsync(UsageSource source, UsageWords words, MessageWriter messages, TextWriter output)
    {
        var (from, until) = (words.Month?.From ?? words.From, words.Month?.Until ?? words.Until);
        var totals = await source.ReadAsync(new UsageQuery
        {
            From = from is { } first ? StartOf(first, words.Zone) : null,
            Until = until is { } last ? StartOf(last, words.Zone) : null,
            Client = words.Client,
            Resolution = words.By,
        }).ConfigureAwait(false);
        if (words.WritesJson)
        {
            WriteJson(totals, words, output);
        }
        else
        {
            await output.WriteAsync(words.WritesCsv ? Csv(totals, words) : Table(totals, words)).ConfigureAwait(false);
        }

        return TellDamage(source, words, messages);
    }

    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var start = new BillingPeriod(day, day).StartIn(zone);
        return start.Ticks % TimeSpan.TicksPerHour == 0 ? start
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"'--zone': {day:yyyy-MM-dd} begins at {start:HH:mm} UTC there, and usage is kept by the hour of UTC."));
    }

    private static async Task<bool> InvoiceAsync(UsageSource source, UsageWords words, MessageWriter messages, TextWriter output)
    {
        var list = PriceList.Parse(await File.ReadAllTextAsync(words.Prices!).ConfigureAwait(false)); // the words say that it is there
        var period = words.Month!.Value; // as they do of this
        var invoicer = new Invoicer(words.Zone);
        var isDraft = !(await source.ReadClosedUntilAsync().ConfigureAwait(false) >= period.EndIn(words.Zone));
        var invoices = new List<Invoice>();
        foreach (var same in list.Subscriptions
            .Where(s => words.Client is null || s.Client == words.Client)
            .Where(s => s.From is null || s.From < period.Until)
            .GroupBy(s => invoicer.QueryFor(s, period) with { Client = words.Client })) // most have the same days: the usage is read once for them
        {
            var used = await source.ReadAsync(same.Key).ConfigureAwait(false);
            invoices.AddRange(Charge(same, used.ToLookup(static t => t.Client, StringComparer.Ordinal)));
        }

        if (words.Number is { } number)
        {
            if (isDraft)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'--number': {period.From:yyyy-MM} is not closed, and drafts have no numbers."));
            }

            invoices = [.. invoices.Select((invoice, index) => invoice with { Number = InvoiceNumbers.Behind(number, index) })];
        }

        if (!TellDamage(source, words, messages))
        {
            messages.Alert("usage : no invoice is made of a damaged journal; '--accept-damage' makes it of the rest.");
            return false;
        }

        if (words.WritesJson)
        {
            await output.WriteLineAsync($"[{string.Join(",\n", invoices.Select(static i => i.ToJson()))}]").ConfigureAwait(false);
        }
        else
        {
            await output.WriteAsync(words.WritesCsv ? invoices.ToCsv() : string.Join('\n', invoices.Select(Text))).ConfigureAwait(false);
        }

        return true;

        IEnumerable<Invoice> Charge(IEnumerable<Subscription> subscriptions, ILookup<string, UsageTotal> used) =>
            subscriptions.Select(s => (Subscription: s, Invoice: invoicer.Create(s, period, used[invoicer.QueryFor(s, period).Client!]) with { IsDraft = isDraft }))
                .Where(i => period.Overlap(i.Subscription.From, i.Subscription.Until).Days > 0 || i.Invoice.Lines.Count > 0) // one that has ended may have late usage
                .Select(static i => i.Invoice);
    }

    private static async Task<bool> CloseAsync(UsageSource source, UsageWords words, MessageWriter messages, TextWriter output)
    {
        await source.SurveyAsync().ConfigureAwait(false);
        if (!TellDamage(source, words, messages))
        {
            messages.Alert("usage : a damaged journal is not closed; '--accept-damage' closes it as it is.");
            return false;
        }

        var until = StartOf(words.Month!.Value.Until, words.Zone); // the words say that it is there
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
            csv.AppendJoin(',', [Time(total, words), Field(total.Client), Field(total.Tier), Field(total.Meter), Number(total.Quantity), Corrects(total)]);
            csv.Append("\r\n");
        }

        return csv.ToString();
    }

    private static string Table(IReadOnlyList<UsageTotal> totals, UsageWords words)
    {
        List<string[]> rows = [["FROM", "CLIENT", "TIER", "METER", "QUANTITY", "CORRECTS"]];
        rows.AddRange(totals.Select(t => (string[])[Time(t, words), t.Client, t.Tier, t.Meter, Number(t.Quantity), Corrects(t)]));
        return Aligned(rows, right: [4]);
    }

    private static string Text(Invoice invoice)
    {
        List<string[]> rows = [["", "QUANTITY", "PRICE", "AMOUNT"]];
        rows.AddRange(invoice.Lines.Select(static l => (string[])[l.Description, Number(l.Quantity), Price(l), Number(l.Amount)]));
        rows.Add(["total", "", "", $"{Number(invoice.Total)} {invoice.Currency}"]);
        return $"{(invoice.Number.Length > 0 ? invoice.Number + ": " : "")}{invoice.Client}, {invoice.Plan}, {invoice.Period}{(invoice.IsDraft ? " (draft: not closed)" : "")}\n{Aligned(rows, right: [1, 2])}";

        static string Price(InvoiceLine line) => line.UnitPrice is not { } price ? ""
            : line.PerUnits == 1 ? Number(price) : $"{Number(price)} per {Number(line.PerUnits)}";
    }

    private static string Aligned(List<string[]> rows, int[] right)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, i) => right.Contains(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
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

    private static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Field(string text)
    {
        var isFormula = text.Length > 0 && "=+-@\t".Contains(text[0], StringComparison.Ordinal); // clients choose their names
        text = isFormula ? "'" + text : text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
