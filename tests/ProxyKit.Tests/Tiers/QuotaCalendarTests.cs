using System.Globalization;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

public sealed class QuotaCalendarTests
{
    [Theory]
    [InlineData("2024-02-29T23:59:59.999Z", "2024-02-01T00:00Z", "2024-03-01T00:00Z")] // a leap day is the last of its month
    [InlineData("2023-02-28T12:00Z", "2023-02-01T00:00Z", "2023-03-01T00:00Z")]
    [InlineData("2025-12-31T23:59Z", "2025-12-01T00:00Z", "2026-01-01T00:00Z")]
    [InlineData("1999-05-05T00:00Z", "1999-05-01T00:00Z", "1999-06-01T00:00Z")] // before the anchor
    public void Months_begin_at_the_first(string instant, string start, string end) =>
        AssertSpan(new QuotaCalendar(QuotaPeriod.Month, 1, QuotaCalendar.DefaultAnchor, TimeZoneInfo.Utc), instant, start, end);

    [Theory]
    [InlineData("2024-02-28T12:00Z", "2024-01-31T00:00Z", "2024-02-29T00:00Z")]
    [InlineData("2024-02-29T12:00Z", "2024-02-29T00:00Z", "2024-03-31T00:00Z")]
    [InlineData("2023-03-01T00:00Z", "2023-02-28T00:00Z", "2023-03-31T00:00Z")]
    [InlineData("2023-04-30T00:00Z", "2023-04-30T00:00Z", "2023-05-31T00:00Z")]
    public void Billing_day_that_a_month_lacks_is_its_last_one(string instant, string start, string end) =>
        AssertSpan(new QuotaCalendar(QuotaPeriod.Month, 1, new DateOnly(2020, 1, 31), TimeZoneInfo.Utc), instant, start, end);

    [Theory]
    [InlineData("2025-03-09T23:59Z", "2025-03-03T00:00Z", "2025-03-10T00:00Z")]
    [InlineData("2025-03-10T00:00Z", "2025-03-10T00:00Z", "2025-03-17T00:00Z")]
    public void Weeks_begin_on_monday(string instant, string start, string end) =>
        AssertSpan(new QuotaCalendar(QuotaPeriod.Week, 1, QuotaCalendar.DefaultAnchor, TimeZoneInfo.Utc), instant, start, end);

    [Fact]
    public void Quarter_is_three_months_from_its_anchor() => AssertSpan(
        new QuotaCalendar(QuotaPeriod.Month, 3, new DateOnly(2020, 2, 15), TimeZoneInfo.Utc), "2025-02-14T23:00Z", "2024-11-15T00:00Z", "2025-02-15T00:00Z");

    [Theory]
    [InlineData("Europe/Berlin", "2025-03-30T12:00Z", "2025-03-29T23:00Z", "2025-03-30T22:00Z")] // 23 hours
    [InlineData("Europe/Berlin", "2025-10-26T12:00Z", "2025-10-25T22:00Z", "2025-10-26T23:00Z")] // 25 hours
    [InlineData("America/Havana", "2025-03-09T12:00Z", "2025-03-09T05:00Z", "2025-03-10T04:00Z")] // there is no midnight: it is one o'clock then
    [InlineData("Asia/Kathmandu", "2025-03-09T18:15Z", "2025-03-09T18:15Z", "2025-03-10T18:15Z")]
    [InlineData("Pacific/Kiritimati", "2025-03-09T10:00Z", "2025-03-09T10:00Z", "2025-03-10T10:00Z")]
    public void Days_are_those_of_the_time_zone(string zone, string instant, string start, string end) => AssertSpan(
        new QuotaCalendar(QuotaPeriod.Day, 1, QuotaCalendar.DefaultAnchor, TimeZoneInfo.FindSystemTimeZoneById(zone)), instant, start, end);

    [Fact]
    public void Every_instant_lies_in_its_period_and_periods_follow_each_other()
    {
        var random = new Random(20250304);
        string[] zones = ["UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];
        for (var i = 0; i < 2000; i++)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(zones[random.Next(zones.Length)]);
            var anchor = new DateOnly(2015, 1, 1).AddDays(random.Next(3000));
            var calendar = new QuotaCalendar((QuotaPeriod)random.Next(3), random.Next(1, 5), anchor, zone);
            var instant = At("2010-01-01T00:00Z") + random.NextInt64(20L * 365 * 86_400_000);

            var span = calendar.At(instant);
            var next = calendar.At(span.End);
            var fresh = new QuotaCalendar(calendar.Period, calendar.Length, anchor, zone).At(span.End - 1);

            Assert.InRange(instant, span.Start, span.End - 1);
            Assert.Equal(span.End, next.Start);
            Assert.Equal(span, fresh); // found from its other end
        }
    }

    [Fact]
    public void Clock_that_is_put_back_a_little_at_midnight_begins_no_day_again()
    {
        var calendar = new QuotaCalendar(QuotaPeriod.Day, 1, QuotaCalendar.DefaultAnchor, TimeZoneInfo.Utc);
        var midnight = At("2025-03-05T00:00Z");
        var day = calendar.At(midnight);

        Assert.Same(day, calendar.At(midnight - 50_000));
        Assert.NotEqual(day, calendar.At(midnight - 3_600_000));
    }

    private static void AssertSpan(QuotaCalendar calendar, string instant, string start, string end)
    {
        var span = calendar.At(At(instant));

        Assert.Equal((Text(At(start)), Text(At(end))), (Text(span.Start), Text(span.End)));
    }

    private static long At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string Text(long instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant).ToString("u", CultureInfo.InvariantCulture);
}
