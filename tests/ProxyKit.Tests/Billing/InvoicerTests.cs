using ProxyKit.Billing;
using ProxyKit.Metering;
using static ProxyKit.Tests.Billing.Plans;

namespace ProxyKit.Tests.Billing;

public sealed class InvoicerTests
{
    [Fact]
    public void Flat_fee_is_a_line_whatever_is_used()
    {
        var invoice = Charge(Plan(static p => p.FlatFee = 49m));

        Assert.Equal((InvoiceLineKind.FlatFee, 49.00m), (Assert.Single(invoice.Lines).Kind, invoice.Total));
    }

    [Fact]
    public void What_is_included_costs_nothing_and_what_is_beyond_it_does()
    {
        var invoice = Charge(Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", Included = 1000, UnitPrice = 0.4m, PerUnits = 1000 })), Used(3500));

        Assert.Equal([(InvoiceLineKind.Included, 1000m, 0m), (InvoiceLineKind.Usage, 2500m, 1.00m)], invoice.Lines.Select(static l => (l.Kind, l.Quantity, l.Amount)));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(100, "10.00")]
    [InlineData(101, "10.05")]
    [InlineData(1000, "55.00")]
    [InlineData(1001, "55.01")]
    public void Graduated_units_cost_what_their_band_says(long quantity, string total)
    {
        var price = Price(PriceModel.Graduated, new(100, 0.10m), new(1000, 0.05m), new(null, 0.01m));

        Assert.Equal(decimal.Parse(total, System.Globalization.CultureInfo.InvariantCulture), Charge(Plan(p => p.Prices.Add(price)), Used(quantity)).Total);
    }

    [Theory]
    [InlineData(100, "10.00")]
    [InlineData(101, "6.05")]
    public void Volume_units_all_cost_what_the_last_ones_band_says(long quantity, string total)
    {
        var price = Price(PriceModel.Volume, new(100, 0.10m), new(null, 0.05m, FlatFee: 1m));

        Assert.Equal(decimal.Parse(total, System.Globalization.CultureInfo.InvariantCulture), Charge(Plan(p => p.Prices.Add(price)), Used(quantity)).Total);
    }

    [Theory]
    [InlineData(25, "0.12")]
    [InlineData(27, "0.14")]
    [InlineData(26, "0.13")]
    public void Half_a_cent_goes_to_the_even_neighbour(long quantity, string total)
    {
        var plan = Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 0.005m }));

        Assert.Equal(total, Charge(plan, Used(quantity)).Total.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Minimum_is_made_up_for_by_a_line()
    {
        var plan = Plan(static p =>
        {
            p.Minimum = 20m;
            p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m });
        });

        Assert.Equal([5m, 15m], Charge(plan, Used(5)).Lines.Select(static l => l.Amount));
        Assert.Equal(25m, Charge(plan, Used(25)).Total);
    }

    [Fact]
    public void Part_of_a_month_costs_its_days_and_includes_its_part()
    {
        var plan = Plan(static p =>
        {
            p.FlatFee = 30m;
            p.Prices.Add(new MeterPrice { Meter = "requests", Included = 100, UnitPrice = 1m });
        });
        var subscription = new Subscription("acme", plan) { From = new DateOnly(2026, 11, 21) };

        var invoice = new Invoicer().Create(subscription, November, [Used(7, day: 20), Used(40, day: 21)]);

        Assert.Equal([10m, 0m, 7m], invoice.Lines.Select(static l => l.Amount)); // 10 of 30 days, 33 requests included, 40 used
        Assert.Equal("2026-11-21 to 2026-11-30", invoice.Period.ToString());
    }

    [Fact]
    public void Two_plans_of_one_month_share_it_by_days()
    {
        var plan = Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m }));
        var (first, second) = (new Subscription("acme", plan) { Until = new DateOnly(2026, 11, 11) }, new Subscription("acme", plan) { From = new DateOnly(2026, 11, 11) });
        UsageTotal[] used = [Used(3, day: 10), Used(4, day: 11)];

        Assert.Equal((3m, 4m), (new Invoicer().Create(first, November, used).Total, new Invoicer().Create(second, November, used).Total));
    }

    [Fact]
    public void Usage_of_another_tier_or_client_or_meter_is_not_charged()
    {
        var plan = Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m }));
        var subscription = new Subscription("acme", plan) { Tier = "gold" };

        var invoice = new Invoicer().Create(
            subscription, November, [Used(1, tier: "gold"), Used(2, tier: "silver"), Used(4, "tokens", tier: "gold"), Used(8, tier: "gold") with { Client = "zeta" }]);

        Assert.Equal(1m, invoice.Total);
    }

    [Fact]
    public void Client_is_found_under_the_name_that_usage_gives_it()
    {
        var subscription = new Subscription(@"CORP\bob", Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", UnitPrice = 1m })));

        Assert.Equal(3m, new Invoicer().Create(subscription, November, [Used(3) with { Client = @"CORP\x5cbob" }]).Total);
    }

    [Fact]
    public void What_was_given_back_is_credited_at_the_first_price()
    {
        var plan = Plan(static p => p.Prices.Add(new MeterPrice { Meter = "requests", Included = 10, UnitPrice = 0.5m }));

        Assert.Equal(-2m, Charge(plan, Used(-4)).Total);
    }

    [Fact]
    public void Invoice_that_is_taken_back_leaves_nothing_with_it()
    {
        var invoice = Charge(Plan(static p => p.FlatFee = 9.99m)) with { Number = "7" };

        var other = invoice.TakeBack("8", "wrong plan");

        Assert.Equal((0m, "7", "8"), (invoice.Total + other.Total, other.TakesBack, other.Number));
        Assert.Equal("gold (wrong plan)", Assert.Single(other.Lines).Description);
    }

    [Fact]
    public void Month_is_that_of_the_time_zone()
    {
        var invoicer = new Invoicer(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        var query = invoicer.QueryFor(new Subscription("acme", Plan(static _ => { })), BillingPeriod.Month(2026, 10));

        Assert.Equal((new DateTimeOffset(2026, 9, 30, 22, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 31, 23, 0, 0, TimeSpan.Zero)), (query.From!.Value, query.Until!.Value));
    }

    [Fact]
    public void Time_zone_whose_days_begin_within_an_hour_is_refused()
    {
        var invoicer = new Invoicer(TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"));

        Assert.Throws<ArgumentException>(() => invoicer.QueryFor(new Subscription("acme", Plan(static _ => { })), November));
    }

    [Fact]
    public async Task Invoice_of_a_store_is_that_of_its_totals()
    {
        var store = new InMemoryUsageStore();
        await store.WriteAsync([Metering.JournalFolder.Event("1"), Metering.JournalFolder.Event("2")], TestContext.Current.CancellationToken);
        var plan = Plan(static p => p.Prices.Add(new MeterPrice { Meter = "bytes-out", UnitPrice = 0.01m }));

        var invoice = await new Invoicer().CreateAsync(store, new Subscription("acme", plan), November, TestContext.Current.CancellationToken);

        Assert.Equal(20m, invoice.Total);
    }

    [Fact]
    public void Plan_with_faults_is_refused_with_all_of_them()
    {
        var plan = new PricePlan { Name = "gold", Currency = "eur", Decimals = 9, FlatFee = -1, Minimum = -1 };
        plan.Prices.Add(new MeterPrice { Meter = "requests", Included = -1, PerUnits = 0, UnitPrice = -1 });
        plan.Prices.Add(Price(PriceModel.Volume, new(10, 1), new(10, -1)));

        Assert.Equal(
            [
                "plan \"gold\" > Currency: eur is not three capital letters.",
                "plan \"gold\" > Decimals: 9 is out of range (0-6).",
                "plan \"gold\" > FlatFee: -1 is below zero.",
                "plan \"gold\" > Minimum: -1 is below zero.",
                "plan \"gold\" > price \"requests\" > Included: -1 is below zero.",
                "plan \"gold\" > price \"requests\" > PerUnits: 0 is out of range (1 or more).",
                "plan \"gold\" > price \"requests\" > UnitPrice: -1 is below zero.",
                "plan \"gold\" > price \"requests\" > Bands: the last one has an end, so that more has no price.",
                "plan \"gold\" > price \"requests\" > band 2: a price is below zero.",
                "plan \"gold\" > price \"requests\" > band 2 > UpTo: 10 is not beyond the band before.",
                "plan \"gold\" > Prices: 2 of them are for \"requests\".",
            ],
            plan.Check());
        Assert.Throws<ArgumentException>(() => Charge(plan));
    }

    [Fact]
    public void Period_without_days_is_refused()
    {
        var day = new DateOnly(2026, 11, 1);
        var subscription = new Subscription("acme", new PricePlan { Name = "gold", FlatFee = 1m });

        Assert.Throws<ArgumentException>("period", () => new Invoicer().Create(subscription, new BillingPeriod(day, day), []));
        Assert.Throws<ArgumentException>("period", () => new Invoicer().QueryFor(subscription, new BillingPeriod(day, day.AddDays(-1))));
    }
}
