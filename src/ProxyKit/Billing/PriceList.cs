using System.Text.Json;

namespace ProxyKit.Billing;

/// <summary>Plans, and who has which: what the command line reads from a file.</summary>
public sealed class PriceList
{
    private PriceList(IReadOnlyList<PricePlan> plans, IReadOnlyList<Subscription> subscriptions) => (Plans, Subscriptions) = (plans, subscriptions);

    /// <summary>The plans.</summary>
    public IReadOnlyList<PricePlan> Plans { get; }

    /// <summary>Who has which.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; }

    /// <summary>Reads plans and subscriptions from JSON. A member that is not known is a fault, so that nothing written is left out.</summary>
    /// <param name="json">The text: <c>{"plans": [...], "subscriptions": [...]}</c>; members are those of the classes, with a small first
    /// letter. Comments and trailing commas may be there.</param>
    /// <returns>The plans, all found good.</returns>
    /// <exception cref="FormatException">It is no such text, or plans or subscriptions have faults; all are told.</exception>
    public static PriceList Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        PriceListDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, PriceListJson.Default.PriceListDocument) ?? new PriceListDocument();
        }
        catch (JsonException e)
        {
            throw new FormatException($"The price list cannot be read: {e.Message}", e);
        }

        var plans = document.Plans.Select(ToPlan).ToList();
        var faults = plans.SelectMany(static p => p.Check()).ToList();
        faults.AddRange(plans.GroupBy(static p => p.Name, StringComparer.Ordinal).Where(static g => g.Count() > 1)
            .Select(static g => $"plan \"{g.Key}\": {g.Count()} of them have this name."));
        var subscriptions = new List<Subscription>();
        foreach (var entry in document.Subscriptions)
        {
            if (plans.Find(p => p.Name == entry.Plan) is { } plan)
            {
                subscriptions.Add(new Subscription(entry.Client, plan) { From = entry.From, Until = entry.Until, Tier = entry.Tier });
            }
            else
            {
                faults.Add($"subscription of \"{entry.Client}\" > plan: there is no plan \"{entry.Plan}\".");
            }

            if (entry.Until <= entry.From)
            {
                faults.Add($"subscription of \"{entry.Client}\" > until: is not behind its first day.");
            }
        }

        return faults.Count == 0 ? new PriceList(plans, subscriptions) : throw new FormatException(string.Join('\n', faults));
    }

    private static PricePlan ToPlan(PlanDocument document)
    {
        var plan = new PricePlan
        {
            Name = document.Name,
            Currency = document.Currency,
            Decimals = document.Decimals,
            FlatFee = document.FlatFee,
            Minimum = document.Minimum,
            IsProrated = document.IsProrated,
        };
        foreach (var entry in document.Prices)
        {
            var price = new MeterPrice
            {
                Meter = entry.Meter,
                Included = entry.Included,
                Model = entry.Model,
                UnitPrice = entry.UnitPrice,
                PerUnits = entry.PerUnits,
            };
            foreach (var band in entry.Bands)
            {
                price.Bands.Add(new PriceBand(band.UpTo, band.UnitPrice, band.FlatFee));
            }

            plan.Prices.Add(price);
        }

        return plan;
    }
}
