namespace ProxyKit.Rules.Formats;

/// <summary>Writes dates as logs have them. No quotes go around them, whatever the flags.</summary>
internal static class DateText
{
    private const int Length = 26; // the longer of the two
    private const int SecondLength = 20;

    /// <summary>Writes <c>21/Nov/2025:07:28:15.123</c>.</summary>
    public static void WritePrecise(ref FormatWriter writer, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Length];
        WriteSecond(text, time);
        text[SecondLength] = (byte)'.';
        Digits(text.Slice(SecondLength + 1, 3), time.Millisecond);
        writer.Text(text[..(SecondLength + 4)], TextKind.Fixed);
    }

    /// <summary>Writes <c>21/Nov/2025:07:28:15 +0100</c>.</summary>
    public static void WriteZoned(ref FormatWriter writer, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Length];
        WriteSecond(text, time);
        var offset = (int)time.Offset.TotalMinutes;
        text[SecondLength] = (byte)' ';
        text[SecondLength + 1] = (byte)(offset < 0 ? '-' : '+');
        Digits(text.Slice(SecondLength + 2, 2), Math.Abs(offset) / 60);
        Digits(text.Slice(SecondLength + 4, 2), Math.Abs(offset) % 60);
        writer.Text(text, TextKind.Fixed);
    }

    private static void WriteSecond(Span<byte> text, DateTimeOffset time)
    {
        Digits(text[..2], time.Day);
        text[2] = (byte)'/';
        "JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice((time.Month - 1) * 3, 3).CopyTo(text[3..]);
        text[6] = (byte)'/';
        Digits(text.Slice(7, 4), time.Year);
        text[11] = (byte)':';
        Digits(text.Slice(12, 2), time.Hour);
        text[14] = (byte)':';
        Digits(text.Slice(15, 2), time.Minute);
        text[17] = (byte)':';
        Digits(text.Slice(18, 2), time.Second);
    }

    private static void Digits(Span<byte> text, int number)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }
}
