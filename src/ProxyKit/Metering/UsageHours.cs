namespace ProxyKit.Metering;

/// <summary>Hours as numbers, from the beginning of 1970 in UTC.</summary>
internal static class UsageHours
{
    public const long MillisecondsPerHour = 3_600_000;

    public static int Of(DateTimeOffset time) => OfMilliseconds(time.ToUnixTimeMilliseconds());

    public static int? Of(DateTimeOffset? time) => time is { } known ? Of(known) : null;

    public static int OfMilliseconds(long time) => (int)Math.DivRem(time, MillisecondsPerHour).Quotient - (time % MillisecondsPerHour < 0 ? 1 : 0);

    public static DateTimeOffset ToTime(int hour) => DateTimeOffset.FromUnixTimeMilliseconds(hour * MillisecondsPerHour);

    /// <summary>The first hour of the total that an hour counts for.</summary>
    /// <param name="resolution">Over how long the total goes.</param>
    /// <param name="hour">The hour.</param>
    /// <param name="from">The first hour that is asked about.</param>
    public static int StartOf(UsageResolution resolution, int hour, int from)
    {
        switch (resolution)
        {
            case UsageResolution.Day:
                return Of(new DateTimeOffset(ToTime(hour).UtcDateTime.Date, TimeSpan.Zero));
            case UsageResolution.Month:
                var time = ToTime(hour);
                return Of(new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero));
            case UsageResolution.All:
                return from == int.MinValue ? 0 : from;
            default:
                return hour;
        }
    }
}
