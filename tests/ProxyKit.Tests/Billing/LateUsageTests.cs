using ProxyKit.Billing;
using ProxyKit.Metering;
using static ProxyKit.Tests.Billing.Plans;

namespace ProxyKit.Tests.Billing;

/// <summary>Usage that became known when its month was closed: it costs what it adds to its own month's invoice.</summary>
public sealed class LateUsageTests
{
    [Fact]
    public void What_came_late_is_a_line_of_its_own_at_the_price_that_it_adds_to_its_own_month()
    {
        var plan = Plan(static p => p.Prices.Add(Price(PriceModel.Graduated, new(100, 0.10m), new(null, 0.05m))));

        var invoice = ChargeLate(plan, before: [InOctober(90)], Used(5000), Used(20, corrects: October(30)));

        var late = invoice.Lines[^1];
        Assert.Equal((InvoiceLineKind.Correction, 20m, 1.50m, new DateOnly(2026, 10, 1)), (late.Kind, late.Quantity, late.Amount, late.Corrects!.Value));
        Assert.Equal(255.00m + 1.50m, invoice.Total); // November's own 5000 are in the second band; October's are as if they had come in time
    }

    [Fact]
    public void What_came_late_uses_up_what_was_included_in_its_own_month()
    {
        var plan = Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", Included = 100, UnitPrice = 1m }));

        Assert.Equal(0m, ChargeLate(plan, before: [InOctober(40)], Used(20, corrects: October(30))).Total);
        Assert.Equal(20m, ChargeLate(plan, before: [InOctober(100)], Used(20, corrects: October(30))).Total);
    }

    [Fact]
    public void What_came_late_is_paid_by_the_minimum_of_its_month_as_far_as_that_goes()
    {
        var plan = Plan(static p =>
        {
            p.Minimum = 50m;
            p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m });
        });

        var invoice = ChargeLate(plan, before: [InOctober(45)], Used(60), Used(20, corrects: October(30)));

        Assert.Equal(
            [(InvoiceLineKind.Usage, 60m), (InvoiceLineKind.Correction, 20m), (InvoiceLineKind.Correction, -5m)], invoice.Lines.Select(static l => (l.Kind, l.Amount)));
        Assert.Equal(new DateOnly(2026, 10, 1), invoice.Lines[2].Corrects);
    }

    [Fact]
    public void What_came_late_does_not_count_towards_the_minimum_of_the_month_it_came_in()
    {
        var plan = Plan(static p =>
        {
            p.Minimum = 50m;
            p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m });
        });

        Assert.Equal(50m + 20m, ChargeLate(plan, before: [InOctober(60)], Used(10), Used(20, corrects: October(30))).Total);
    }

    [Fact]
    public void What_came_late_before_is_part_of_what_its_month_came_to()
    {
        var plan = Plan(static p => p.Prices.Add(Price(PriceModel.Volume, new(100, 0.10m), new(null, 0.05m))));
        var september = new DateTimeOffset(2026, 9, 30, 23, 0, 0, TimeSpan.Zero);
        UsageTotal[] before = [Used(90) with { From = september }, Used(20, corrects: september) with { From = October(3) }, InOctober(1000)];

        var invoice = ChargeLate(plan, before, Used(40, corrects: september));

        Assert.Equal(2.00m, invoice.Total); // 150 at 0.05, of which 110 were charged
        Assert.Equal(new DateOnly(2026, 9, 1), Assert.Single(invoice.Lines).Corrects);
    }

    [Fact]
    public void What_came_late_cannot_be_charged_without_what_was_used_before()
    {
        var plan = Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m }));

        Assert.Throws<ArgumentException>("earlier", () => Charge(plan, Used(20, corrects: October(30))));
    }

    [Fact]
    public void Periods_before_one_of_some_days_are_as_long_as_it()
    {
        var plan = Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m }));
        UsageTotal[] used = [Used(1, day: 20), Used(20, day: 20, corrects: October(16)), Used(3, day: 20, corrects: October(14))];
        var (month, week) = (new BillingPeriod(new(2026, 11, 15), new(2026, 12, 15)), new BillingPeriod(new(2026, 11, 18), new(2026, 11, 25)));

        Assert.Equal(
            [new DateOnly(2026, 9, 15), new DateOnly(2026, 10, 15)],
            new Invoicer().Create(new Subscription("acme", plan), month, used, []).Lines.Select(static l => l.Corrects).OfType<DateOnly>());
        Assert.Equal(
            [new DateOnly(2026, 10, 14)],
            new Invoicer().Create(new Subscription("acme", plan), week, used, []).Lines.Select(static l => l.Corrects).OfType<DateOnly>());
    }

    [Theory]
    [InlineData("2026-01-31", "2026-02-28", "2026-01-10", "2025-12-31")]
    [InlineData("2026-02-28", "2026-03-31", "2026-02-01", "2026-01-31")]
    [InlineData("2026-10-01", "2027-01-01", "2026-03-31", "2026-01-01")]
    [InlineData("2026-03-01", "2026-04-01", "2024-02-29", "2024-02-01")]
    public void Earlier_period_begins_on_the_day_that_all_of_them_do(string from, string until, string day, string first)
    {
        var period = new BillingPeriod(Day(from), Day(until));

        var earlier = period.Earlier(Day(day));

        Assert.Equal(Day(first), earlier.From);
        Assert.True(Day(day) < earlier.Until);

        static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void What_came_late_for_a_plan_that_has_ended_is_charged_by_that_plan()
    {
        var (old, own) = (Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m })), Plan(static p => p.FlatFee = 5m));
        own.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 100m });
        var ended = new Subscription("acme", old) { Until = new DateOnly(2026, 10, 16) };
        var present = new Subscription("acme", own) { From = new DateOnly(2026, 10, 16) };
        UsageTotal[] used = [Used(20, corrects: October(15)), Used(3)];

        var (late, regular) = (new Invoicer().Create(ended, November, used, []), new Invoicer().Create(present, November, used));

        var line = Assert.Single(late.Lines);
        Assert.Equal((InvoiceLineKind.Correction, 20m, 20m), (line.Kind, line.Quantity, line.Amount));
        Assert.Equal(305m, regular.Total);
        Assert.Equal(UsageResolution.Hour, new Invoicer().QueryFor(ended, November).Resolution);
    }

    private static DateTimeOffset October(int day) => new(2026, 10, day, 23, 0, 0, TimeSpan.Zero);

    private static UsageTotal InOctober(long quantity) => Used(quantity) with { From = October(5) };

    private static Invoice ChargeLate(PricePlan plan, UsageTotal[] before, params UsageTotal[] used) =>
        new Invoicer().Create(new Subscription("acme", plan), November, used, before);
}
