using System.Diagnostics;

namespace ProxyKit.Tiers;

/// <summary>Tells in which period of a quota an instant lies. The period that was found last is kept, since nearly all who ask are in it.</summary>
/// <remarks>A period begins at the first instant at which its first day has begun in the time zone: at midnight, or behind the hour that is left
/// out there where clocks are put forward at midnight. Days have 23 to 25 hours then, and months are as long as they are.</remarks>
internal sealed class QuotaCalendar(QuotaPeriod period, int length, DateOnly anchor, TimeZoneInfo zone)
{
    /// <summary>A Monday, and the first of a month and a year: where periods begin of which nobody says otherwise.</summary>
    public static readonly DateOnly DefaultAnchor = new(2001, 1, 1);

    /// <summary>A clock that is put back by so little at the change of periods stays in the new one, and the old one's count is not begun again.</summary>
    public const long Tolerance = 60_000;

    private const long Minute = 60_000;
    private const long Day = 24 * 60 * Minute;

    private volatile QuotaSpan _current = new(0, 0);

    public QuotaPeriod Period => period;

    public int Length => length;

    public TimeZoneInfo Zone => zone;

    /// <summary>The period of an instant, in milliseconds of Unix time.</summary>
    public QuotaSpan At(long instant)
    {
        var current = _current;
        return instant < current.End && instant >= current.Start - Tolerance ? current : _current = Find(instant);
    }

    private QuotaSpan Find(long instant)
    {
        var index = IndexOf(LocalDay(instant));
        while (instant < StartOf(index))
        {
            index--;
        }

        long end;
        while (instant >= (end = StartOf(index + 1)))
        {
            index++; // the clock was put back across midnight, so that a day shows again that is over
        }

        return new QuotaSpan(StartOf(index), end);
    }

    /// <summary>The number of the period that has a day, counted from the anchor's.</summary>
    private int IndexOf(DateOnly day)
    {
        if (period != QuotaPeriod.Month)
        {
            return FloorDivide(day.DayNumber - anchor.DayNumber, DaysOfOne);
        }

        var months = ((day.Year - anchor.Year) * 12) + day.Month - anchor.Month;
        var index = FloorDivide(months, length);
        return FirstDayOf(index) > day ? index - 1 : index;
    }

    /// <summary>An anchor on a day that a month does not have stands for that month's last day.</summary>
    private DateOnly FirstDayOf(int index) =>
        period == QuotaPeriod.Month ? anchor.AddMonths(index * length) : anchor.AddDays(index * DaysOfOne);

    private int DaysOfOne => period == QuotaPeriod.Week ? 7 * length : length;

    /// <summary>The first instant of a period. The zone is asked which day it is, rather than when a day begins: it has an answer for every instant,
    /// and not for every time of day.</summary>
    private long StartOf(int index)
    {
        var first = FirstDayOf(index);
        var midnight = new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
        var (before, from) = ((midnight - Day) / Minute, (midnight + (2 * Day)) / Minute);
        Debug.Assert(LocalDay(before * Minute) < first && LocalDay(from * Minute) >= first, "no zone is more than a day off");
        while (from - before > 1)
        {
            var middle = before + ((from - before) / 2);
            _ = LocalDay(middle * Minute) >= first ? from = middle : before = middle;
        }

        return from * Minute;
    }

    private DateOnly LocalDay(long instant)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(instant);
        return DateOnly.FromDateTime(utc.UtcDateTime + zone.GetUtcOffset(utc));
    }

    private static int FloorDivide(int value, int by) => (value / by) - (value % by < 0 ? 1 : 0);
}
