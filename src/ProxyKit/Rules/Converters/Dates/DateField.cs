using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ProxyKit.Rules.Converters.Dates;

/// <summary>The fields of a <see cref="DateFormat"/>: numbers with their digits, names, and formats within the format.</summary>
internal static class DateField
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    private static readonly SearchValues<char> Letters = SearchValues.Create("%aAbBhcCdeDxFgGVHIklmMSjntpPrRTXsuUwWyYzZ");

    private static readonly DateFormat
        DateAndTime = DateFormat.Parse("%a %b %e %H:%M:%S %Y", false),
        ShortDate = DateFormat.Parse("%m/%d/%y", false),
        IsoDate = DateFormat.Parse("%Y-%m-%d", false),
        Time12 = DateFormat.Parse("%I:%M:%S %p", false),
        ShortTime = DateFormat.Parse("%H:%M", false),
        Time = DateFormat.Parse("%H:%M:%S", false);

    public static bool Knows(char letter) => Letters.Contains(letter);

    public static void Write(
        in CivilTime time, ZoneAbbreviations names, in DateFormat.Part part, scoped Span<byte> field, ref ResultWriter writer)
    {
        var start = writer.Length;
        if (Composite(part.Letter) is { } format)
        {
            format.Write(in time, names, ref writer);
        }
        else if (part.Letter == 'z')
        {
            var minutes = Math.Abs(time.OffsetSeconds) / 60;
            writer.Write(time.OffsetSeconds < 0 ? (byte)'-' : (byte)'+');
            Number((minutes / 60 * 100) + (minutes % 60), 4, '0', part, field, ref writer);
            return;
        }
        else if (NumberOf(in time, part.Letter, out var digits, out var padding) is { } number)
        {
            if (number < 0)
            {
                writer.Write((byte)'-');
            }

            Number(Math.Abs(number), digits, padding, part, field, ref writer);
            return;
        }
        else
        {
            writer.Write(field[..Encoding.ASCII.GetBytes(TextOf(in time, names, part.Letter), field)]);
        }

        ChangeCase(writer.Written(start), part);
        writer.Insert(start, part.Padding == '0' ? (byte)'0' : (byte)' ', Math.Max(0, part.Width - (writer.Length - start)));
    }

    private static DateFormat? Composite(char letter) => letter switch
    {
        'c' => DateAndTime,
        'D' or 'x' => ShortDate,
        'F' => IsoDate,
        'r' => Time12,
        'R' => ShortTime,
        'T' or 'X' => Time,
        _ => null,
    };

    private static long? NumberOf(in CivilTime time, char letter, out int digits, out char padding)
    {
        padding = letter is 'e' or 'k' or 'l' ? '_' : '0';
        digits = letter switch
        {
            'j' => 3,
            's' or 'u' or 'w' or 'Y' or 'G' => 1,
            _ => 2,
        };
        return letter switch
        {
            'C' => CivilTime.Floor(time.Year, 100),
            'd' or 'e' => time.Day,
            'g' => CivilTime.Modulo(time.IsoWeek.Year, 100),
            'G' => time.IsoWeek.Year,
            'V' => time.IsoWeek.Week,
            'H' or 'k' => time.Hour,
            'I' or 'l' => ((time.Hour + 11) % 12) + 1,
            'j' => time.DayOfYear + 1,
            'm' => time.Month,
            'M' => time.Minute,
            'S' => time.Second,
            's' => time.Seconds,
            'u' => ((time.DayOfWeek + 6) % 7) + 1,
            'w' => time.DayOfWeek,
            'U' => (time.DayOfYear + 7 - time.DayOfWeek) / 7,
            'W' => (time.DayOfYear + 7 - ((time.DayOfWeek + 6) % 7)) / 7,
            'y' => CivilTime.Modulo(time.Year, 100),
            'Y' => time.Year,
            _ => null,
        };
    }

    private static ReadOnlySpan<char> TextOf(scoped in CivilTime time, ZoneAbbreviations names, char letter) => letter switch
    {
        'a' => Days[time.DayOfWeek].AsSpan(0, 3),
        'A' => Days[time.DayOfWeek],
        'b' or 'h' => Months[time.Month - 1].AsSpan(0, 3),
        'B' => Months[time.Month - 1],
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'Z' => names.At(in time),
        'n' => "\n",
        't' => "\t",
        _ => "%",
    };

    /// <summary>Writes a number: with its own digits, and filled up to the width if that is more.</summary>
    private static void Number(
        long value, int digits, char padding, in DateFormat.Part part, scoped Span<byte> field, ref ResultWriter writer)
    {
        padding = part.Padding == '\0' ? padding : part.Padding;
        Utf8Formatter.TryFormat((ulong)value, field, out var length);
        var start = writer.Length;
        writer.Write(field[..length]);
        var least = Math.Max(padding == '-' ? 0 : digits, part.Width);
        writer.Insert(start, padding == '0' ? (byte)'0' : (byte)' ', Math.Max(0, least - length));
    }

    private static void ChangeCase(Span<byte> text, in DateFormat.Part part)
    {
        if (part.CaseChange == '#' && part.Letter is 'p' or 'Z')
        {
            Ascii.ToLowerInPlace(text, out _);
        }
        else if (part.CaseChange != '\0')
        {
            Ascii.ToUpperInPlace(text, out _);
        }
    }
}
