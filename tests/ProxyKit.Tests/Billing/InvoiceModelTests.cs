using System.Numerics;
using ProxyKit.Billing;
using ProxyKit.Metering;

namespace ProxyKit.Tests.Billing;

/// <summary>Invoices of random plans and usage, against arithmetic with fractions that was written apart.</summary>
public sealed class InvoiceModelTests
{
    private static readonly string[] Meters = ["requests", "tokens", "bytes-out"];

    /// <summary>Usage of three months, some of it written down late: the last month's invoice has its own, and for the others what they come to with all that is
    /// known by its end, less what they came to before.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Invoice_is_what_fractions_say(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1500; round++)
        {
            var subscription = RandomSubscription(random);
            var used = RandomUsage(random, subscription.Plan);
            var expected = Expected(subscription, used);

            var byHour = new Invoicer().Create(subscription, Plans.November, used.Where(static t => t.From >= Start(11)), used.Where(static t => t.From < Start(11)));
            var byStore = await new Invoicer().CreateAsync(new TotalsStore(used), subscription, Plans.November, TestContext.Current.CancellationToken);

            Assert.True(expected == byHour.Total, $"seed {seed}, round {round}: {byHour.ToJson()} should come to {expected}");
            Assert.Equal(byHour.ToJson(), byStore.ToJson());
            Assert.Equal(byHour.Lines.Sum(static l => l.Amount), byHour.Total);
            Assert.All(byHour.Lines, line => Assert.Equal(decimal.Round(line.Amount, subscription.Plan.Decimals), line.Amount));
        }
    }

    /// <summary>However late it comes, and in how many parts: in the end as much is charged as if it had come in time.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Invoices_of_all_months_add_up_to_what_they_had_been_with_everything_in_time(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1500; round++)
        {
            var subscription = RandomSubscription(random);
            var late = RandomUsage(random, subscription.Plan);
            var inTime = late.ConvertAll(static t => t with { From = t.CorrectsHour ?? t.From, CorrectsHour = null });

            Assert.Equal(AllMonths(subscription, inTime), AllMonths(subscription, late));
        }
    }

    private static decimal AllMonths(Subscription subscription, List<UsageTotal> used) => Enumerable.Range(9, 3).Sum(month => new Invoicer().Create(
        subscription,
        BillingPeriod.Month(2026, month),
        used.Where(t => t.From >= Start(month) && t.From < Start(month + 1)),
        used.Where(t => t.From < Start(month))).Total);

    private static DateTimeOffset Start(int month) => new(2026, month, 1, 0, 0, 0, TimeSpan.Zero);

    private static Subscription RandomSubscription(Random random)
    {
        var from = random.Next(3) == 0 ? Day() : (DateOnly?)null;
        var until = random.Next(3) == 0 ? Day() : (DateOnly?)null;
        return new Subscription("acme", RandomPlan(random)) { From = from, Until = until <= from ? null : until };

        DateOnly Day() => new(2026, random.Next(9, 12), random.Next(1, 31));
    }

    /// <summary>For each month what was used in it, and what of it was written down in one that follows.</summary>
    private static List<UsageTotal> RandomUsage(Random random, PricePlan plan)
    {
        var used = new List<UsageTotal>();
        for (var month = 9; month <= 11; month++)
        {
            foreach (var price in plan.Prices)
            {
                used.Add(new(Hour(month), "acme", "", price.Meter, Quantity(random)));
                used.AddRange(Enumerable.Range(month + 1, 11 - month).Where(_ => random.Next(3) == 0)
                    .Select(later => new UsageTotal(Hour(later), "acme", "", price.Meter, Quantity(random), Hour(month))));
            }
        }

        return used;

        DateTimeOffset Hour(int month) => Start(month).AddDays(random.Next(30)).AddHours(random.Next(24));
    }

    private static long Quantity(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => random.Next(100),
        2 => random.NextInt64(1_000_000_000_000),
        3 => -random.Next(1000),
        _ => random.Next(100_000),
    };

    private static PricePlan RandomPlan(Random random)
    {
        var plan = new PricePlan
        {
            Name = "random",
            Decimals = random.Next(0, 5),
            FlatFee = random.Next(3) == 0 ? 0 : Price(random),
            Minimum = random.Next(2) == 0 ? null : Price(random),
            IsProrated = random.Next(2) == 0,
        };
        foreach (var meter in Meters.Take(random.Next(4)))
        {
            var price = new MeterPrice { Meter = meter, Included = random.Next(2) * random.Next(5000), Model = (PriceModel)random.Next(3), PerUnits = random.Next(3) == 0 ? random.Next(1, 1000) : 1 };
            price.UnitPrice = price.Model == PriceModel.PerUnit ? Price(random) : 0;
            var end = 0L;
            for (var bands = price.Model == PriceModel.PerUnit ? 0 : random.Next(1, 5); bands > 0; bands--)
            {
                end += random.Next(1, 20_000);
                price.Bands.Add(new PriceBand(bands == 1 ? null : end, Price(random), random.Next(3) == 0 ? Price(random) : 0));
            }

            plan.Prices.Add(price);
        }

        return plan;
    }

    private static decimal Price(Random random) => new(random.Next(1_000_000), 0, 0, false, (byte)random.Next(0, 8));

    private static decimal Expected(Subscription subscription, List<UsageTotal> used)
    {
        var total = Bill(subscription, 11, used.Where(static t => t.From >= Start(11)));
        for (var month = 9; month <= 10; month++)
        {
            total += Bill(subscription, month, used) - Bill(subscription, month, used.Where(static t => t.From < Start(11)));
        }

        return total;
    }

    /// <summary>What a month costs by all that is known to have been used in it.</summary>
    private static decimal Bill(Subscription subscription, int month, IEnumerable<UsageTotal> known)
    {
        var (plan, first, end) = (subscription.Plan, new DateOnly(2026, month, 1), new DateOnly(2026, month + 1, 1));
        var (from, until) = (subscription.From > first ? subscription.From.Value : first, subscription.Until < end ? subscription.Until.Value : end);
        var days = Math.Max(0, until.DayNumber - from.DayNumber);
        var (part, of) = plan.IsProrated ? (days, end.DayNumber - first.DayNumber) : (Math.Min(days, 1), 1);
        var sum = Round(Fraction.Of(plan.FlatFee) * new Fraction(part, of), plan.Decimals);
        foreach (var price in plan.Prices)
        {
            var quantity = known.Where(t => t.Meter == price.Meter)
                .Where(t => DateOnly.FromDateTime((t.CorrectsHour ?? t.From).UtcDateTime) is var day && day >= from && day < until)
                .Aggregate(BigInteger.Zero, static (all, t) => all + t.Quantity);
            foreach (var (units, unit, fee) in Cost(price, quantity, (BigInteger)price.Included * part / of))
            {
                sum += Round((Fraction.Of(unit) * new Fraction(units, price.PerUnits)) + Fraction.Of(fee), plan.Decimals);
            }
        }

        return plan.Minimum is { } minimum ? Math.Max(sum, Round(Fraction.Of(minimum) * new Fraction(part, of), plan.Decimals)) : sum;
    }

    /// <summary>Unit by unit in thought: which unit has which price.</summary>
    private static List<(BigInteger Quantity, decimal Unit, decimal Fee)> Cost(MeterPrice price, BigInteger quantity, BigInteger included)
    {
        var parts = new List<(BigInteger, decimal, decimal)>();
        if (quantity < 0)
        {
            parts.Add((quantity, price.Model == PriceModel.PerUnit ? price.UnitPrice : price.Bands[0].UnitPrice, 0));
        }
        else if (quantity > included && price.Model == PriceModel.PerUnit)
        {
            parts.Add((quantity - included, price.UnitPrice, 0));
        }
        else if (quantity > included)
        {
            var (charged, before) = (quantity - included, BigInteger.Zero);
            foreach (var band in price.Bands)
            {
                var end = band.UpTo ?? charged;
                var within = BigInteger.Min(charged, end) - before;
                if (price.Model == PriceModel.Graduated && within > 0)
                {
                    parts.Add((within, band.UnitPrice, band.FlatFee));
                }

                if (price.Model == PriceModel.Volume && within > 0 && charged <= end)
                {
                    parts.Add((charged, band.UnitPrice, band.FlatFee));
                }

                before = end;
            }
        }

        return parts;
    }

    /// <summary>The nearest number of so many places; of two that are as near, the one whose last digit is even.</summary>
    private static decimal Round(Fraction fraction, int decimals)
    {
        var scale = BigInteger.Pow(10, decimals);
        var below = FloorDivide(fraction.Top * scale, fraction.Bottom);
        var twiceRest = 2 * ((fraction.Top * scale) - (below * fraction.Bottom));
        var rounded = twiceRest < fraction.Bottom || (twiceRest == fraction.Bottom && below.IsEven) ? below : below + 1;
        return (decimal)rounded / (decimal)scale;
    }

    private static BigInteger FloorDivide(BigInteger a, BigInteger b) => BigInteger.DivRem(a, b, out var rest) - (rest < 0 ? 1 : 0);

    private readonly record struct Fraction(BigInteger Top, BigInteger Bottom)
    {
        public static Fraction Of(decimal value)
        {
            var bottom = BigInteger.Pow(10, 10);
            return new((BigInteger)(value * 10_000_000_000m), bottom);
        }

        public static Fraction operator *(Fraction a, Fraction b) => new(a.Top * b.Top, a.Bottom * b.Bottom);

        public static Fraction operator +(Fraction a, Fraction b) => new((a.Top * b.Bottom) + (b.Top * a.Bottom), a.Bottom * b.Bottom);
    }

    private sealed class TotalsStore(List<UsageTotal> totals) : IUsageStore
    {
        public ValueTask WriteAsync(IReadOnlyList<UsageEvent> events, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query, CancellationToken cancellationToken = default)
        {
            var sums = new UsageSums(query);
            foreach (var total in totals)
            {
                sums.Add(new UsageKey(UsageHours.Of(total.From), UsageHours.Of(total.CorrectsHour), total.Client, total.Tier, total.Meter), total.Quantity);
            }

            return new(sums.ToTotals());
        }
    }
}
