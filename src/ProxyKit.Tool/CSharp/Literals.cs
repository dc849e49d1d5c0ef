using System.Globalization;
using System.Text;

namespace ProxyKit.Tool.CSharp;

/// <summary>Writes plain values as C# has them.</summary>
internal static class Literals
{
    /// <summary>A text. What has backslashes and nothing that needs one, as regular expressions do, is written verbatim.</summary>
    public static string Of(string text)
    {
        if (text.Contains('\\', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) && IsShown(text))
        {
            return $"@\"{text}\"";
        }

        var literal = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var length = char.IsSurrogatePair(text, i) ? 2 : 1;
            literal.Append(text[i] switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                _ when IsShown(text.AsSpan(i, length)) => text.Substring(i, length),
                _ => string.Concat(text.Substring(i, length).Select(static c => $"\\u{(int)c:x4}")),
            });
            i += length - 1;
        }

        return literal.Append('"').ToString();
    }

    /// <summary>Bytes: as the text that they are where they are ASCII and seen as they are, but for the ends of lines.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        return text.All(static c => c is (>= ' ' and <= '~') or '\r' or '\n' or '\t')
            ? $"{Of(text)}u8.ToArray()"
            : $"new byte[] {{ {string.Join(", ", bytes.ToArray().Select(static b => $"0x{b:x2}"))} }}";
    }

    /// <summary>A text as it may stand in a comment: on one line, and with nothing that hides or turns what follows.</summary>
    public static string Comment(string text) =>
        string.Concat(text.EnumerateRunes().Select(static r => IsShown(r) ? r.ToString() : "?"));

    /// <summary>A time in the largest unit that it is a whole number of.</summary>
    public static string Of(TimeSpan time)
    {
        (long Ticks, string Name)[] units =
        [
            (TimeSpan.TicksPerDay, "Days"), (TimeSpan.TicksPerHour, "Hours"), (TimeSpan.TicksPerMinute, "Minutes"),
            (TimeSpan.TicksPerSecond, "Seconds"), (TimeSpan.TicksPerMillisecond, "Milliseconds"), (TimeSpan.TicksPerMicrosecond, "Microseconds"),
        ];
        var unit = Array.Find(units, u => time.Ticks % u.Ticks == 0);
        return time == TimeSpan.Zero ? "TimeSpan.Zero"
            : time == TimeSpan.MaxValue ? "TimeSpan.MaxValue"
            : unit.Name is null ? string.Create(CultureInfo.InvariantCulture, $"TimeSpan.FromTicks({time.Ticks})")
            : string.Create(CultureInfo.InvariantCulture, $"TimeSpan.From{unit.Name}({time.Ticks / unit.Ticks})");
    }

    /// <summary>A number, a truth or a character; null for what is none of these.</summary>
    public static string? OfSimple(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        char c => Of(c.ToString()) is var text && c == '\'' ? @"'\''" : c == '"' ? "'\"'" : c == '\\' ? @"'\\'" : $"'{text[1..^1]}'",
        double d when double.IsFinite(d) => d.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAny('.', 'E') ? text : text + "d",
        float f when float.IsFinite(f) => f.ToString("R", CultureInfo.InvariantCulture) + "f",
        decimal m => m.ToString(CultureInfo.InvariantCulture) + "m",
        long l => l is < int.MinValue or > int.MaxValue ? l.ToString(CultureInfo.InvariantCulture) + "L" : l.ToString(CultureInfo.InvariantCulture),
        ulong or uint => Convert.ToString(value, CultureInfo.InvariantCulture) + (value is ulong ? "UL" : "U"),
        int or short or ushort or byte or sbyte => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static bool IsShown(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != System.Buffers.OperationStatus.Done || !IsShown(rune))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    /// <summary>Whether a reader sees the character as it is: letters, digits, signs and the blank, no other blanks, no marks that change the
    /// direction of what follows.</summary>
    private static bool IsShown(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
