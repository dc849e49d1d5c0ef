using System.Globalization;
using System.Numerics;

namespace ProxyKit.Billing;

/// <summary>What a plan asks for a period: its fee, what was used, and what is missing to its minimum.</summary>
internal static class PlanLines
{
    /// <summary>Works out the lines.</summary>
    /// <param name="plan">The plan, without faults.</param>
    /// <param name="days">In which days of the period the client had it.</param>
    /// <param name="period">The period, whole.</param>
    /// <param name="used">How much was used in those days, by meter.</param>
    public static List<InvoiceLine> Of(PricePlan plan, BillingPeriod days, BillingPeriod period, IReadOnlyDictionary<string, BigInteger> used)
    {
        var part = plan.IsProrated ? (days.Days, Of: period.Days) : (Days: Math.Min(1, days.Days), Of: 1);
        var lines = new List<InvoiceLine>();
        AddFee(plan, part, lines);
        foreach (var price in plan.Prices)
        {
            AddUsage(plan, price, part, used.GetValueOrDefault(price.Meter), lines);
        }

        AddMinimum(plan, part, lines);
        return lines;
    }

    /// <summary>A line about a meter.</summary>
    public static InvoiceLine Line(MeterPrice price, InvoiceLineKind kind, string description, BigInteger quantity, decimal amount) => new()
    {
        Kind = kind,
        Description = description,
        Meter = price.Meter,
        Quantity = (decimal)quantity,
        PerUnits = price.PerUnits,
        Amount = amount,
    };

    private static void AddFee(PricePlan plan, (int Days, int Of) part, List<InvoiceLine> lines)
    {
        if (plan.FlatFee > 0 && part.Days > 0)
        {
            lines.Add(new InvoiceLine
            {
                Kind = InvoiceLineKind.FlatFee,
                Description = part.Days == part.Of ? plan.Name : $"{plan.Name}, {part.Days} of {part.Of} days",
                Quantity = 1,
                UnitPrice = plan.FlatFee,
                Amount = ExactAmount.Of(plan.FlatFee, part.Days, part.Of).Round(plan.Decimals),
            });
        }
    }

    private static void AddUsage(PricePlan plan, MeterPrice price, (int Days, int Of) part, BigInteger used, List<InvoiceLine> lines)
    {
        var included = BigInteger.Divide((BigInteger)price.Included * part.Days, part.Of);
        if (used > 0 && included > 0)
        {
            lines.Add(Line(price, InvoiceLineKind.Included, $"{price.Meter}, included", BigInteger.Min(used, included), 0));
        }

        var charged = used.Sign < 0 ? used : BigInteger.Max(0, used - included);
        foreach (var rated in Rating.Parts(price, charged))
        {
            var fee = rated.FlatFee == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {rated.FlatFee} for the band");
            lines.Add(Line(price, InvoiceLineKind.Usage, price.Meter + fee, rated.Quantity, rated.Amount.Round(plan.Decimals)) with { UnitPrice = rated.UnitPrice });
        }
    }

    private static void AddMinimum(PricePlan plan, (int Days, int Of) part, List<InvoiceLine> lines)
    {
        if (plan.Minimum is not { } minimum)
        {
            return;
        }

        var least = ExactAmount.Of(minimum, part.Days, part.Of).Round(plan.Decimals);
        var missing = least - lines.Sum(static l => l.Amount);
        if (missing > 0)
        {
            lines.Add(new InvoiceLine { Kind = InvoiceLineKind.Minimum, Description = $"{plan.Name}, up to the minimum", Quantity = 1, Amount = missing });
        }
    }
}
