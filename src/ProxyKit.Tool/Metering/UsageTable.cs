using System.Globalization;
using System.Text;

namespace ProxyKit.Tool.Metering;

/// <summary>Rows for people.</summary>
internal static class UsageTable
{
    /// <summary>Writes rows of which each column is as wide as its longest cell.</summary>
    /// <param name="rows">The rows, of as many cells each.</param>
    /// <param name="right">Which columns end where the others begin: those of numbers.</param>
    public static string Aligned(List<string[]> rows, int[] right)
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

    public static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
