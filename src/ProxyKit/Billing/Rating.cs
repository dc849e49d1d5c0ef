using System.Numerics;

namespace ProxyKit.Billing;

/// <summary>What quantities cost, exactly.</summary>
internal static class Rating
{
    /// <summary>What some of a meter costs, part by part.</summary>
    /// <param name="price">The prices.</param>
    /// <param name="quantity">How much is charged, what is included taken off. Below zero it is credited at the first price.</param>
    public static IEnumerable<RatedPart> Parts(MeterPrice price, BigInteger quantity)
    {
        if (quantity.IsZero)
        {
            return [];
        }

        if (price.Model == PriceModel.PerUnit)
        {
            return [Part(price, quantity, price.UnitPrice)];
        }

        if (quantity.Sign < 0)
        {
            return [Part(price, quantity, price.Bands[0].UnitPrice)];
        }

        return price.Model == PriceModel.Volume ? [Part(price, quantity, BandOf(price, quantity))] : Graduated(price, quantity);
    }

    private static IEnumerable<RatedPart> Graduated(MeterPrice price, BigInteger quantity)
    {
        var start = BigInteger.Zero;
        foreach (var band in price.Bands)
        {
            if (quantity <= start)
            {
                yield break;
            }

            var end = band.UpTo is { } last && last < quantity ? last : quantity;
            yield return Part(price, end - start, band);
            start = end;
        }
    }

    private static PriceBand BandOf(MeterPrice price, BigInteger quantity) => price.Bands.First(b => b.UpTo is null || quantity <= b.UpTo);

    private static RatedPart Part(MeterPrice price, BigInteger quantity, PriceBand band)
    {
        var part = Part(price, quantity, band.UnitPrice);
        return band.FlatFee == 0 ? part : part with { FlatFee = band.FlatFee, Amount = part.Amount + ExactAmount.Of(band.FlatFee, 1, 1) };
    }

    private static RatedPart Part(MeterPrice price, BigInteger quantity, decimal unitPrice) =>
        new(quantity, unitPrice, 0, ExactAmount.Of(unitPrice, quantity, price.PerUnits));
}

/// <summary>A quantity at one price.</summary>
/// <param name="Quantity">How much.</param>
/// <param name="UnitPrice">At which price.</param>
/// <param name="FlatFee">What is added once.</param>
/// <param name="Amount">What that comes to.</param>
internal readonly record struct RatedPart(BigInteger Quantity, decimal UnitPrice, decimal FlatFee, ExactAmount Amount);
