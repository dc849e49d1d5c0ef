using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters.Dates;

/// <summary>Moments as text, and text as moments.</summary>
internal static class DateConverters
{
    private const int NanosecondsPerSecond = 1_000_000_000;
    private const long MaxSeconds = 67_767_976_233_532_799; // the end of the year 2^31 - 1, the last that C's calendar has

    public static IEnumerable<ConverterKeyword> All =>
    [
        Formatter("utime", 1, isLocal: false),
        Formatter("ltime", 1, isLocal: true),
        Formatter("ms_utime", 1_000, isLocal: false),
        Formatter("ms_ltime", 1_000, isLocal: true),
        Formatter("us_utime", 1_000_000, isLocal: false),
        Formatter("us_ltime", 1_000_000, isLocal: true),
        Converter.Of("http_date", Integer, SampleType.String, HttpDate, Argument.OptionalInteger("offset"), Argument.OptionalText("unit")),
        Converter.Of("date", SampleType.String, Integer, static (_, ref s) => DateText.TryParse(s.Bytes, out var value) && s.Set(value)),
    ];

    /// <param name="name">The keyword.</param>
    /// <param name="unit">How many of what comes, and of the offset, make a second.</param>
    /// <param name="isLocal">Whether the time is that of the process's zone.</param>
    private static ConverterKeyword Formatter(string name, int unit, bool isLocal) => Converter.Of(
        name, Integer, SampleType.String,
        use => Format(
            DateFormat.Parse(use.Arguments.Text(0), hasFraction: unit > 1), unit, use.Arguments.Integer(1),
            isLocal ? TimeZoneInfo.Local : TimeZoneInfo.Utc, ZoneAbbreviations.Local),
        Argument.Text("format"), Argument.OptionalInteger("offset"));

    /// <summary>A converter of moments to text.</summary>
    internal static SampleConverter Format(DateFormat format, int unit, long offset, TimeZoneInfo zone, ZoneAbbreviations names) =>
        (context, ref sample) =>
        {
            var (seconds, fraction) = Split(sample.Integer, offset, unit);
            var writer = new ResultWriter(context, format.MaxLength);
            if (Math.Abs(seconds) <= MaxSeconds)
            {
                var time = new CivilTime(seconds, fraction * (NanosecondsPerSecond / unit), zone);
                format.Write(in time, names, ref writer);
            }

            var text = writer.Finish();
            return sample.SetString(writer.IsCut ? default : text);
        };

    private static SampleConverter HttpDate(KeywordUse use)
    {
        var unitName = use.Arguments.Text(1);
        var unit = unitName switch
        {
            "" or "s" => 1,
            "ms" => 1_000,
            "us" => 1_000_000,
            _ => throw new FormatException($"expects 's', 'ms' or 'us', got '{unitName}'"),
        };
        var offset = use.Arguments.Integer(0);
        return (context, ref sample) =>
        {
            var (seconds, fraction) = Split(sample.Integer, offset, unit);
            if (Math.Abs(seconds) > MaxSeconds)
            {
                return sample.SetString(default);
            }

            var writer = new ResultWriter(context, 64);
            var time = new CivilTime(seconds, 0, TimeZoneInfo.Utc);
            DateText.Write(in time, unit > 1 ? fraction : null, ref writer);
            return sample.SetString(writer.Finish());
        };
    }

    private static (long Seconds, int Fraction) Split(long value, long offset, int unit)
    {
        var sum = (Int128)value + offset;
        var moment = sum > long.MaxValue ? long.MaxValue : sum < long.MinValue + unit ? long.MinValue + unit : (long)sum;
        var seconds = CivilTime.Floor(moment, unit);
        return (seconds, (int)(moment - (seconds * unit)));
    }
}
