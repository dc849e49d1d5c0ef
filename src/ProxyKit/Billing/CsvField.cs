using System.Text;

namespace ProxyKit.Billing;

/// <summary>Texts as fields of CSV (RFC 4180).</summary>
internal static class CsvField
{
    /// <summary>A text as a field. Clients choose their names, and spreadsheets run what looks like a formula: that gets an apostrophe in front, also behind a semicolon
    /// or a tab, where many part fields.</summary>
    public static string Of(string text)
    {
        var field = new StringBuilder(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            var begins = i == 0 || text[i - 1] is ';' or '\t';
            if (begins && (text[i] is '=' or '+' or '-' or '@' || (i == 0 && text[i] is '\t' or '\r')))
            {
                field.Append('\'');
            }

            field.Append(text[i]);
        }

        return text.AsSpan().ContainsAny(",\"\r\n") ? field.Replace("\"", "\"\"").Insert(0, '"').Append('"').ToString() : field.ToString();
    }
}
