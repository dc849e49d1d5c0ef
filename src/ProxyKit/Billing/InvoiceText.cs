using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProxyKit.Billing;

/// <summary>Invoices as text, for other programs.</summary>
public static class InvoiceText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an invoice as JSON. Amounts are numbers with all their places.</summary>
    /// <param name="invoice">The invoice.</param>
    /// <returns>The text.</returns>
    public static string ToJson(this Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            Write(json, invoice);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Writes invoices as CSV (RFC 4180): a row for each line, and one for each total. The first row names the columns. A text that a
    /// spreadsheet would take for a formula gets an apostrophe in front.</summary>
    /// <param name="invoices">The invoices.</param>
    /// <returns>The text.</returns>
    public static string ToCsv(this IEnumerable<Invoice> invoices)
    {
        ArgumentNullException.ThrowIfNull(invoices);
        var csv = new StringBuilder("number,client,plan,from,until,state,takes_back,kind,description,meter,quantity,unit_price,per_units,amount,currency,corrects\r\n");
        foreach (var invoice in invoices)
        {
            foreach (var line in invoice.Lines)
            {
                Row(csv, invoice, Name(line.Kind), line.Description, line.Meter, line.Quantity, line.UnitPrice, line.PerUnits, line.Amount, line.Corrects);
            }

            Row(csv, invoice, "total", "", null, null, null, null, invoice.Total, null);
        }

        return csv.ToString();
    }

    private static void Write(Utf8JsonWriter json, Invoice invoice)
    {
        json.WriteStartObject();
        json.WriteString("number", invoice.Number);
        json.WriteString("client", invoice.Client);
        json.WriteString("plan", invoice.Plan);
        json.WriteString("from", Day(invoice.Period.From));
        json.WriteString("until", Day(invoice.Period.Until));
        json.WriteBoolean("isDraft", invoice.IsDraft);
        if (invoice.TakesBack is { } other)
        {
            json.WriteString("takesBack", other);
        }

        json.WriteString("currency", invoice.Currency);
        json.WriteStartArray("lines");
        foreach (var line in invoice.Lines)
        {
            Write(json, line);
        }

        json.WriteEndArray();
        json.WriteNumber("total", invoice.Total);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, InvoiceLine line)
    {
        json.WriteStartObject();
        json.WriteString("kind", Name(line.Kind));
        json.WriteString("description", line.Description);
        if (line.Meter is not null)
        {
            json.WriteString("meter", line.Meter);
        }

        json.WriteNumber("quantity", line.Quantity);
        if (line.UnitPrice is { } price)
        {
            json.WriteNumber("unitPrice", price);
            json.WriteNumber("perUnits", line.PerUnits);
        }

        json.WriteNumber("amount", line.Amount);
        if (line.Corrects is { } month)
        {
            json.WriteString("corrects", Day(month));
        }

        json.WriteEndObject();
    }

    private static void Row(
        StringBuilder csv, Invoice invoice, string kind, string description, string? meter, decimal? quantity, decimal? unitPrice, long? perUnits, decimal amount, DateOnly? corrects)
    {
        csv.Append(CsvField.Of(invoice.Number)).Append(',');
        csv.Append(CsvField.Of(invoice.Client)).Append(',');
        csv.Append(CsvField.Of(invoice.Plan)).Append(',');
        csv.Append(CultureInfo.InvariantCulture, $"{Day(invoice.Period.From)},{Day(invoice.Period.Until)},{(invoice.IsDraft ? "draft" : "final")},");
        csv.Append(CsvField.Of(invoice.TakesBack ?? "")).Append(',').Append(kind).Append(',');
        csv.Append(CsvField.Of(description)).Append(',');
        csv.Append(CsvField.Of(meter ?? "")).Append(',');
        csv.Append(CultureInfo.InvariantCulture, $"{quantity},{unitPrice},{(unitPrice is null ? null : perUnits)},{amount},{invoice.Currency},{(corrects is { } day ? Day(day) : "")}\r\n");
    }

    private static string Name(InvoiceLineKind kind) => kind switch
    {
        InvoiceLineKind.FlatFee => "flat-fee",
        InvoiceLineKind.Included => "included",
        InvoiceLineKind.Usage => "usage",
        InvoiceLineKind.Correction => "correction",
        _ => "minimum",
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
