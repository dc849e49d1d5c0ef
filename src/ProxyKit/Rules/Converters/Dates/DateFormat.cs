using System.Buffers.Text;

namespace ProxyKit.Rules.Converters.Dates;

/// <summary>A format of C's <c>strftime</c> in its own locale, with GNU's flags, and <c>%N</c> for parts of a second where that is asked
/// for. Taken apart once, written without allocation.</summary>
internal sealed class DateFormat
{
    private const int MaxField = 64; // of a field without a width

    private readonly Part[] _parts;

    private DateFormat(Part[] parts)
    {
        _parts = parts;
        MaxLength = parts.Sum(static p => p.Letter == '\0' ? p.Literal.Length : p.Width + MaxField);
    }

    /// <summary>How long a result can be.</summary>
    public int MaxLength { get; }

    /// <param name="format">The format.</param>
    /// <param name="hasFraction">Whether <c>%N</c> and <c>%1N</c> to <c>%9N</c> stand for parts of the second.</param>
    public static DateFormat Parse(string format, bool hasFraction)
    {
        var parts = new List<Part>();
        var bytes = ArgumentBytes.Of(format);
        for (var i = 0; i < bytes.Length;)
        {
            var start = i;
            if (bytes[i] != '%')
            {
                while (i < bytes.Length && bytes[i] != '%')
                {
                    i++;
                }

                parts.Add(new Part('\0', '\0', 0, bytes[start..i]));
                continue;
            }

            i++;
            var flag = '\0';
            var changesCase = '\0';
            while (i < bytes.Length && bytes[i] is (byte)'-' or (byte)'_' or (byte)'0' or (byte)'^' or (byte)'#')
            {
                if (bytes[i] is (byte)'^' or (byte)'#')
                {
                    changesCase = (char)bytes[i++];
                }
                else
                {
                    flag = (char)bytes[i++];
                }
            }

            var width = -1;
            for (; i < bytes.Length && char.IsAsciiDigit((char)bytes[i]); i++)
            {
                width = Math.Min((Math.Max(width, 0) * 10) + bytes[i] - '0', 2 * Samples.Scratch.MaxResult);
            }

            i += i < bytes.Length && bytes[i] is (byte)'E' or (byte)'O' ? 1 : 0;
            var letter = i < bytes.Length ? (char)bytes[i++] : '\0';
            if (letter == 'N' && hasFraction)
            {
                // A zero in front reads as a flag, but is the number of digits here.
                width = width < 0 ? (flag == '0' ? 0 : 9) : Math.Min(width, 9);
                parts.Add(new Part(letter, '\0', width, []));
            }
            else
            {
                parts.Add(DateField.Knows(letter)
                    ? new Part(letter, flag, Math.Max(width, 0), []) { CaseChange = changesCase }
                    : new Part('\0', '\0', 0, bytes[start..i]));
            }
        }

        return new DateFormat([.. parts]);
    }

    /// <summary>Writes a moment.</summary>
    /// <param name="time">The moment.</param>
    /// <param name="names">What the times of its zone are called.</param>
    /// <param name="writer">Where to; what does not fit is lost.</param>
    public void Write(in CivilTime time, ZoneAbbreviations names, ref ResultWriter writer)
    {
        Span<byte> field = stackalloc byte[MaxField];
        foreach (var part in _parts)
        {
            if (part.Letter == '\0')
            {
                writer.Write(part.Literal);
            }
            else if (part.Letter == 'N')
            {
                Utf8Formatter.TryFormat(time.Nanoseconds, field, out _, new System.Buffers.StandardFormat('D', 9));
                writer.Write(field[..part.Width]);
            }
            else
            {
                DateField.Write(in time, names, part, field, ref writer);
            }
        }
    }

    /// <summary>A piece of a format.</summary>
    /// <param name="Letter">The conversion; NUL for a literal.</param>
    /// <param name="Padding">The flag that says what a field is filled up with; NUL for its own way.</param>
    /// <param name="Width">How long a field is at least.</param>
    /// <param name="Literal">What is written as it is.</param>
    internal readonly record struct Part(char Letter, char Padding, int Width, byte[] Literal)
    {
        /// <summary><c>^</c> for upper case, <c>#</c> for the opposite one, else NUL.</summary>
        public char CaseChange { get; init; }
    }
}
