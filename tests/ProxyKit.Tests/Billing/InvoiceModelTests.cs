using System.Numerics;
using ProxyKit.Billing;
using ProxyKit.Metering;

namespace ProxyKit.Tests.Billing;

/// <summary>Invoices of random plans and usage, against arithmetic with fractions that was written apart.</summary>
public sealed class InvoiceModelTests
{
    private static readonly string[] Meters = ["requests", "tokens", "bytes-out"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Invoice_is_what_fractions_say(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2500; round++)
        {
            var plan = RandomPlan(random);
            var subscription = new Subscription("acme", plan) { From = random.Next(3) == 0 ? new DateOnly(2026, 11, random.Next(1, 31)) : null };
            var first = subscription.From?.Day ?? 1;
            var own = plan.Prices.ToDictionary(static p => p.Meter, _ => Quantity(random));
            var late = plan.Prices.ToDictionary(static p => p.Meter, _ => random.Next(3) == 0 ? Quantity(random) : 0);
            var october = new DateTimeOffset(2026, 10, 3, 0, 0, 0, TimeSpan.Zero);
            var used = own.Select(o => Plans.Used(o.Value, o.Key, first)).Concat(late.Select(l => Plans.Used(l.Value, l.Key, first, october)));

            var invoice = new Invoicer().Create(subscription, Plans.November, used);

            var none = plan.Prices.ToDictionary(static p => p.Meter, static _ => 0L);
            var expected = Expected(plan, 31 - first, own, subscription.From is null ? late : none); // what was used before a subscription is not for it to pay
            Assert.True(expected == invoice.Total, $"seed {seed}, round {round}: {invoice.ToJson()} should come to {expected}");
            Assert.Equal(invoice.Lines.Sum(static l => l.Amount), invoice.Total);
            Assert.All(invoice.Lines, line => Assert.Equal(decimal.Round(line.Amount, plan.Decimals), line.Amount));
        }
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

    private static decimal Expected(PricePlan plan, int days, Dictionary<string, long> own, Dictionary<string, long> late)
    {
        var (part, of) = plan.IsProrated ? (days, 30) : (1, 1);
        var sum = Round(Fraction.Of(plan.FlatFee) * new Fraction(part, of), plan.Decimals);
        foreach (var price in plan.Prices)
        {
            var included = (BigInteger)price.Included * part / of;
            foreach (var (quantity, unit, fee) in Cost(price, own[price.Meter], included))
            {
                sum += Round((Fraction.Of(unit) * new Fraction(quantity, price.PerUnits)) + Fraction.Of(fee), plan.Decimals);
            }

            var with = Whole(price, (BigInteger)own[price.Meter] + late[price.Meter], included);
            var without = Whole(price, own[price.Meter], included);
            sum += Round(with + (without * new Fraction(-1, 1)), plan.Decimals);
        }

        return plan.Minimum is { } minimum ? Math.Max(sum, Round(Fraction.Of(minimum) * new Fraction(part, of), plan.Decimals)) : sum;
    }

    private static Fraction Whole(MeterPrice price, BigInteger quantity, BigInteger included) => Cost(price, quantity, included).Aggregate(
        new Fraction(0, 1), (sum, c) => sum + (Fraction.Of(c.Unit) * new Fraction(c.Quantity, price.PerUnits)) + Fraction.Of(c.Fee));

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
}
