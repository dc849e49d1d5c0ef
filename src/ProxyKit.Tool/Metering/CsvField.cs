namespace ProxyKit.Tool.Metering;

/// <summary>Texts as fields of CSV (RFC 4180).</summary>
internal static class CsvField
{
    /// <summary>A text as a field; one that a spreadsheet would take for a formula gets an apostrophe in front.</summary>
    public static string Of(string text)
    {
        var isFormula = text.Length > 0 && "=+-@\t".Contains(text[0], StringComparison.Ordinal); // clients choose their names
        text = isFormula ? "'" + text : text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
