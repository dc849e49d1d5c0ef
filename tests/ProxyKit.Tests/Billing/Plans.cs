using ProxyKit.Billing;
using ProxyKit.Metering;

namespace ProxyKit.Tests.Billing;

/// <summary>Plans and usage for tests.</summary>
internal static class Plans
{
    public static readonly BillingPeriod November = BillingPeriod.Month(2026, 11);

    public static PricePlan Plan(Action<PricePlan> configure)
    {
        var plan = new PricePlan { Name = "gold" };
        configure(plan);
        return plan;
    }

    public static MeterPrice Price(PriceModel model, params PriceBand[] bands)
    {
        var price = new MeterPrice { Meter = UsageMeters.Requests, Model = model };
        foreach (var band in bands)
        {
            price.Bands.Add(band);
        }

        return price;
    }

    public static UsageTotal Used(long quantity, string meter = UsageMeters.Requests, int day = 5, DateTimeOffset? corrects = null, string tier = "") =>
        new(new DateTimeOffset(2026, 11, day, 10, 0, 0, TimeSpan.Zero), "acme", tier, meter, quantity, corrects);

    public static Invoice Charge(PricePlan plan, params UsageTotal[] used) => new Invoicer().Create(new Subscription("acme", plan), November, used);
}
