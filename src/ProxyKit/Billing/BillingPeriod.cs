using System.Globalization;

namespace ProxyKit.Billing;

/// <summary>The days that an invoice is for.</summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The day behind the last one.</param>
public readonly record struct BillingPeriod(DateOnly From, DateOnly Until)
{
    /// <summary>How many days it has.</summary>
    public int Days => Until.DayNumber - From.DayNumber;

    /// <summary>A calendar month.</summary>
    /// <param name="year">The year.</param>
    /// <param name="month">The month, from 1.</param>
    /// <returns>The period.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such month, or it is December 9999: there is no day behind it.</exception>
    public static BillingPeriod Month(int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        return new(first, first.AddMonths(1));
    }

    /// <summary>Reads a month, as in <c>2026-11</c>: those of the years from 2 to 9998, so that there are days, in all time zones, before and behind it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="period">The month.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParseMonth(string text, out BillingPeriod period)
    {
        var isMonth = DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            && first.Year > DateOnly.MinValue.Year && first.Year < DateOnly.MaxValue.Year;
        period = isMonth ? new(first, first.AddMonths(1)) : default;
        return isMonth;
    }

    /// <summary>The days that both have.</summary>
    /// <param name="from">The first day of the other; null for no beginning.</param>
    /// <param name="until">The day behind its last; null for no end.</param>
    /// <returns>The common days; a period of none where there are none.</returns>
    public BillingPeriod Overlap(DateOnly? from, DateOnly? until)
    {
        var first = from is { } begin && begin > From ? begin : From;
        var last = until is { } end && end < Until ? end : Until;
        return first < last ? new(first, last) : new(first, first);
    }

    /// <summary>The period before it that a day is in, where those before it are as long as it: months before a month, and months from the 15th on before
    /// one such.</summary>
    /// <param name="day">The day, before its first.</param>
    internal BillingPeriod Earlier(DateOnly day)
    {
        var months = ((Until.Year - From.Year) * 12) + Until.Month - From.Month;
        var (from, until) = (From, Until);
        DateOnly? anchor = months == 0 ? null : until.AddMonths(-months) == from ? until : from.AddMonths(months) == until ? from : null;
        if (anchor is not { } first)
        {
            var times = ((from.DayNumber - day.DayNumber - 1) / Days) + 1;
            return new(from.AddDays(-times * Days), until.AddDays(-times * Days));
        }

        for (var back = anchor == until ? 1 : 0; day < from; back++)
        {
            (from, until) = (first.AddMonths(-(back + 1) * months), from);
        }

        return new(from, until);
    }

    /// <summary>When its first day begins in a time zone.</summary>
    /// <param name="zone">The time zone.</param>
    /// <returns>The moment, in UTC.</returns>
    public DateTimeOffset StartIn(TimeZoneInfo zone) => Midnight(From, zone);

    /// <summary>When its last day ends in a time zone.</summary>
    /// <param name="zone">The time zone.</param>
    /// <returns>The moment, in UTC.</returns>
    public DateTimeOffset EndIn(TimeZoneInfo zone) => Midnight(Until, zone);

    /// <summary>Its days, the last one included.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:yyyy-MM-dd} to {Until.AddDays(-1):yyyy-MM-dd}");

    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30); // clocks are put forward at midnight in some places: the day begins later
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
