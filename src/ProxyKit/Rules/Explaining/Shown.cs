using System.Globalization;
using System.Text;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Explaining;

/// <summary>Makes what a client or a file has sent safe to show: a terminal or a log must take none of it for its own.</summary>
internal static class Shown
{
    private const int Most = 256;
    private const int MostText = 1024;

    /// <summary>Bytes in quotes; all but printable ASCII is written as <c>\xNN</c>, and so are quotes and backslashes by a backslash.</summary>
    public static string Bytes(ReadOnlySpan<byte> bytes, int most = Most)
    {
        var text = new StringBuilder(bytes.Length + 2).Append('"');
        foreach (var b in bytes[..Math.Min(bytes.Length, most)])
        {
            _ = b switch
            {
                (byte)'"' or (byte)'\\' => text.Append('\\').Append((char)b),
                >= 0x20 and < 0x7f => text.Append((char)b),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}"),
            };
        }

        return text.Append('"').Append(bytes.Length > most ? $"… ({bytes.Length} bytes)" : "").ToString();
    }

    /// <summary>A text that stands for bytes, one a character, in quotes.</summary>
    public static string Latin1(string text) => Bytes(Encoding.Latin1.GetBytes(text));

    /// <summary>A value that an expression gave: numbers and addresses plain, texts in quotes.</summary>
    public static string Value(in Sample sample) => sample.Type switch
    {
        SampleType.Boolean => sample.IsTrue ? "true" : "false",
        SampleType.Integer or SampleType.IPv4 or SampleType.IPv6 => sample.ToString(),
        _ => Bytes(sample.Bytes),
    };

    /// <summary>A text of a configuration: as it is, but for what cannot be seen or would turn the rest of its line round.</summary>
    public static string Text(string text)
    {
        if (text.Length > MostText)
        {
            return $"{Text(text[..(MostText - 32)])}… ({text.Length} characters)";
        }

        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = !IsUnsafe(c) ? shown.Append(c)
                : c <= 0xff ? shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}")
                : shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }

        return shown.ToString();
    }

    private static bool IsUnsafe(char c) => char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
