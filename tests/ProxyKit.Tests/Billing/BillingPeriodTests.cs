using ProxyKit.Billing;

namespace ProxyKit.Tests.Billing;

public sealed class BillingPeriodTests
{
    [Theory]
    [InlineData("2026-11", true)]
    [InlineData("2026-12", true)]
    [InlineData("0002-01", true)]
    [InlineData("9998-12", true)]
    [InlineData("0001-12", false)]
    [InlineData("9999-01", false)]
    [InlineData("9999-12", false)]
    [InlineData("2026-13", false)]
    [InlineData("2026", false)]
    public void Month_is_read_where_there_are_days_around_it(string text, bool isMonth)
    {
        Assert.Equal(isMonth, BillingPeriod.TryParseMonth(text, out var period));
        if (isMonth)
        {
            Assert.Equal(text, period.From.ToString("yyyy-MM", null));
            Assert.Equal(period.From.AddMonths(1), period.Until);
            var zone = TimeZoneInfo.CreateCustomTimeZone("far", TimeSpan.FromHours(14), null, null);
            Assert.True(period.StartIn(zone) < period.EndIn(zone));
        }
    }
}
