using System.Globalization;
using System.Numerics;

namespace ProxyKit.Billing;

/// <summary>What came late for a period whose invoice is written: what it would have added to that invoice.</summary>
internal static class Corrections
{
    /// <summary>Works out the lines.</summary>
    /// <param name="plan">The plan that the client had.</param>
    /// <param name="days">In which days of the period.</param>
    /// <param name="period">The period that is corrected, whole.</param>
    /// <param name="before">What is charged for it already, by meter.</param>
    /// <param name="late">What has come since.</param>
    public static IEnumerable<InvoiceLine> Of(
        PricePlan plan, BillingPeriod days, BillingPeriod period, IReadOnlyDictionary<string, BigInteger> before, IReadOnlyDictionary<string, BigInteger> late)
    {
        var with = before.ToDictionary(StringComparer.Ordinal);
        foreach (var (meter, quantity) in late)
        {
            with[meter] = with.GetValueOrDefault(meter) + quantity;
        }

        var (old, corrected) = (PlanLines.Of(plan, days, period, before), PlanLines.Of(plan, days, period, with));
        var month = string.Create(CultureInfo.InvariantCulture, $"{period.From:yyyy-MM}");
        foreach (var price in plan.Prices)
        {
            if (late.GetValueOrDefault(price.Meter) is { IsZero: false } quantity)
            {
                var amount = Sum(corrected, price.Meter) - Sum(old, price.Meter);
                yield return PlanLines.Line(price, InvoiceLineKind.Correction, $"{price.Meter}, late from {month}", quantity, amount) with { Corrects = period.From };
            }
        }

        // What was paid up to the minimum is paid for what came late, as far as that goes.
        var minimum = Minimum(corrected) - Minimum(old);
        if (minimum != 0)
        {
            yield return new InvoiceLine
            {
                Kind = InvoiceLineKind.Correction,
                Description = $"{plan.Name}, minimum of {month}",
                Quantity = minimum < 0 ? -1 : 1,
                Amount = minimum,
                Corrects = period.From,
            };
        }
    }

    private static decimal Sum(List<InvoiceLine> lines, string meter) => lines.Where(l => l.Meter == meter).Sum(static l => l.Amount);

    private static decimal Minimum(List<InvoiceLine> lines) => lines.Where(static l => l.Kind == InvoiceLineKind.Minimum).Sum(static l => l.Amount);
}
