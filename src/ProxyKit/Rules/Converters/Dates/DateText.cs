using System.Buffers.Text;
using System.Text;

namespace ProxyKit.Rules.Converters.Dates;

/// <summary>The dates of HTTP (RFC 9110 §5.6.7): the form that is sent, and the three that are understood.</summary>
internal static class DateText
{
    private static readonly DateFormat Sent = DateFormat.Parse("%a, %d %b %Y %H:%M:%S", hasFraction: false);

    private static readonly byte[][] Months =
        [.. "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".Split(' ').Select(Encoding.ASCII.GetBytes)];

    private static readonly byte[][] Days =
        [.. "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".Split(' ').Select(Encoding.ASCII.GetBytes)];

    /// <param name="time">The moment, in UTC.</param>
    /// <param name="fraction">What stands behind the seconds and a dot, without zeros in front; null for none.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(in CivilTime time, int? fraction, ref ResultWriter writer)
    {
        Sent.Write(in time, ZoneAbbreviations.Local, ref writer);
        if (fraction is { } digits)
        {
            writer.Write((byte)'.');
            Utf8Formatter.TryFormat(digits, writer.Free, out var written);
            writer.Advance(written);
        }

        writer.Write(" GMT"u8);
    }

    /// <summary>Reads a date; what stands behind it does not count.</summary>
    /// <param name="text">The date in one of the three forms.</param>
    /// <param name="seconds">Since 1970.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long seconds)
    {
        var read = new Reader { Rest = text };
        if (read.Any(Days) && read.Skip(", "u8))
        {
            return Dashed(ref read, out seconds);
        }

        read = new Reader { Rest = text };
        if (!read.Any(Days, 3))
        {
            seconds = 0;
            return false;
        }

        return read.Skip(", "u8) ? Fixed(ref read, out seconds) : C(ref read, out seconds);
    }

    /// <summary><c>06 Nov 1994 08:49:37 GMT</c>.</summary>
    private static bool Fixed(ref Reader read, out long seconds)
    {
        seconds = 0;
        return read.Number(2, out var day) && read.Skip(" "u8) && read.Month(out var month) && read.Skip(" "u8)
            && read.Number(4, out var year) && read.Skip(" "u8) && read.Clock(out var hour, out var minute, out var second) && read.Skip(" GMT"u8)
            && Join(year, month, day, hour, minute, second, out seconds);
    }

    /// <summary><c>06-Nov-94 08:49:37 GMT</c> (RFC 850).</summary>
    private static bool Dashed(ref Reader read, out long seconds)
    {
        seconds = 0;
        if (!read.Number(2, out var day) || !read.Skip("-"u8) || !read.Month(out var month) || !read.Skip("-"u8)
            || !read.Number(2, out var year))
        {
            return false;
        }

        year = read.Number(2, out var rest) ? (year * 100) + rest : year + (year > 60 ? 1900 : 2000);
        return read.Skip(" "u8) && read.Clock(out var hour, out var minute, out var second) && read.Skip(" GMT"u8)
            && Join(year, month, day, hour, minute, second, out seconds);
    }

    /// <summary><c>Nov  6 08:49:37 1994</c>, as C's asctime has it.</summary>
    private static bool C(ref Reader read, out long seconds)
    {
        seconds = 0;
        return read.Skip(" "u8) && read.Month(out var month) && read.Skip(" "u8)
            && (read.Skip(" "u8) ? read.Number(1, out var day) : read.Number(2, out day)) && read.Skip(" "u8)
            && read.Clock(out var hour, out var minute, out var second) && read.Skip(" "u8) && read.Number(4, out var year)
            && Join(year, month, day, hour, minute, second, out seconds);
    }

    private static bool Join(int year, int month, int day, int hour, int minute, int second, out long seconds)
    {
        seconds = CivilTime.SecondsOf(year, month, day, hour, minute, second);
        return day is >= 1 and <= 31 && hour <= 23 && minute <= 59 && second <= 60;
    }

    private ref struct Reader
    {
        public ReadOnlySpan<byte> Rest;

        public bool Skip(ReadOnlySpan<byte> text)
        {
            if (!Rest.StartsWith(text))
            {
                return false;
            }

            Rest = Rest[text.Length..];
            return true;
        }

        public bool Any(byte[][] names, int length = 9) => IndexOf(names, length) >= 0;

        public bool Month(out int month)
        {
            month = IndexOf(Months, 3) + 1;
            return month > 0;
        }

        public bool Number(int digits, out int value)
        {
            value = 0;
            if (Rest.Length < digits || Rest[..digits].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            foreach (var digit in Rest[..digits])
            {
                value = (value * 10) + digit - '0';
            }

            Rest = Rest[digits..];
            return true;
        }

        public bool Clock(out int hour, out int minute, out int second)
        {
            minute = second = 0;
            return Number(2, out hour) && Skip(":"u8) && Number(2, out minute) && Skip(":"u8) && Number(2, out second);
        }

        private int IndexOf(byte[][] names, int length)
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (Skip(names[i].AsSpan(0, Math.Min(length, names[i].Length))))
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
