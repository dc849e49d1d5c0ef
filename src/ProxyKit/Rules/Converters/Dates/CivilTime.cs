namespace ProxyKit.Rules.Converters.Dates;

/// <summary>A moment on the clock and the calendar of a zone. Years have no limit, unlike those of <see cref="DateTime"/>: what converters
/// are given is any number.</summary>
internal readonly struct CivilTime
{
    private const int SecondsPerDay = 86400, DaysPerEra = 146097; // 400 years

    /// <param name="seconds">Since 1970, UTC.</param>
    /// <param name="nanoseconds">Within the second.</param>
    /// <param name="zone">Where.</param>
    public CivilTime(long seconds, int nanoseconds, TimeZoneInfo zone)
    {
        Seconds = seconds;
        Nanoseconds = nanoseconds;
        Zone = zone;
        OffsetSeconds = OffsetAt(seconds, zone);
        var local = seconds + OffsetSeconds;
        var days = Floor(local, SecondsPerDay);
        SecondOfDay = (int)(local - (days * SecondsPerDay));
        DayOfWeek = (int)Modulo(days + 4, 7); // 1970 began on a Thursday
        (Year, Month, Day) = CalendarOf(days);
        DayOfYear = (int)(days - DaysBefore(Year, 1, 1));
    }

    public long Seconds { get; }

    public int Nanoseconds { get; }

    public TimeZoneInfo Zone { get; }

    /// <summary>How far the zone is ahead of UTC.</summary>
    public int OffsetSeconds { get; }

    public long Year { get; }

    /// <summary>From 1.</summary>
    public int Month { get; }

    /// <summary>From 1.</summary>
    public int Day { get; }

    /// <summary>From 0, Sunday.</summary>
    public int DayOfWeek { get; }

    /// <summary>From 0.</summary>
    public int DayOfYear { get; }

    public int Hour => SecondOfDay / 3600;

    public int Minute => SecondOfDay / 60 % 60;

    public int Second => SecondOfDay % 60;

    private int SecondOfDay { get; }

    /// <summary>The week, and the year it counts for, by ISO 8601: weeks begin on Monday, the first is the one with 4 January.</summary>
    public (long Year, int Week) IsoWeek
    {
        get
        {
            var thursday = DayOfYear - ((DayOfWeek + 6) % 7) + 3;
            var year = Year;
            if (thursday < 0)
            {
                year--;
                thursday += IsLeap(year) ? 366 : 365;
            }
            else if (thursday >= (IsLeap(year) ? 366 : 365))
            {
                thursday -= IsLeap(year) ? 366 : 365;
                year++;
            }

            return (year, (thursday / 7) + 1);
        }
    }

    /// <summary>The seconds since 1970 of a date and a time in UTC.</summary>
    public static long SecondsOf(long year, int month, int day, int hour, int minute, int second) =>
        (DaysBefore(year, month, day) * SecondsPerDay) + (hour * 3600) + (minute * 60) + second;

    internal static long Floor(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);

    internal static long Modulo(long value, long divisor) => value - (Floor(value, divisor) * divisor);

    private static bool IsLeap(long year) => Modulo(year, 4) == 0 && (Modulo(year, 100) != 0 || Modulo(year, 400) == 0);

    /// <summary>The days from 1970 to a date; years begin in March here, so that the day that may be missing is their last.</summary>
    private static long DaysBefore(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = Floor(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * ((month + 9) % 12)) + 2) / 5) + day - 1;
        return (era * DaysPerEra) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719468;
    }

    private static (long Year, int Month, int Day) CalendarOf(long days)
    {
        days += 719468;
        var era = Floor(days, DaysPerEra);
        var dayOfEra = days - (era * DaysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        var dayOfYear = (int)(dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100)));
        var marchMonth = ((5 * dayOfYear) + 2) / 153;
        var month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, dayOfYear - (((153 * marchMonth) + 2) / 5) + 1);
    }

    private static int OffsetAt(long seconds, TimeZoneInfo zone)
    {
        if (zone == TimeZoneInfo.Utc)
        {
            return 0;
        }

        // What .NET's dates can be, with a margin for zones.
        var known = Math.Clamp(seconds, -62_000_000_000, 253_000_000_000);
        return (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(known)).TotalSeconds;
    }
}
