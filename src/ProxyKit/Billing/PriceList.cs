using System.Globalization;
using System.Text.Json;
using ProxyKit.Metering;

namespace ProxyKit.Billing;

/// <summary>Plans, and who has which: what the command line reads from a file.</summary>
public sealed class PriceList
{
    private PriceList(IReadOnlyList<PricePlan> plans, IReadOnlyList<Subscription> subscriptions) => (Plans, Subscriptions) = (plans, subscriptions);

    /// <summary>The plans.</summary>
    public IReadOnlyList<PricePlan> Plans { get; }

    /// <summary>Who has which.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; }

    /// <summary>Reads plans and subscriptions from JSON. A member that is not known, or is there twice, is a fault, so that nothing written is left out.</summary>
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
            throw new FormatException($"The price list cannot be read: {Explain(e)}", e);
        }

        if (document.FirstNull() is { } place)
        {
            throw new FormatException($"The price list cannot be read: {place}: that is no value it may have.");
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

        foreach (var same in subscriptions.GroupBy(static s => (UsageText.Stored(s.Client), s.Plan))) // however the name is written
        {
            foreach (var (index, one) in same.Index())
            {
                if (same.Skip(index + 1).Any(other => Overlap(one, other)))
                {
                    faults.Add($"subscription of \"{one.Client}\" to \"{one.Plan.Name}\": it is there twice for the same days, and would be charged twice.");
                }
            }
        }

        return faults.Count == 0 ? new PriceList(plans, subscriptions) : throw new FormatException(string.Join('\n', faults));
    }

    /// <summary>Whether some usage of a client is charged by both: of a tier also by one that is for all tiers.</summary>
    private static bool Overlap(Subscription one, Subscription other) => (one.Tier is null || other.Tier is null || one.Tier == other.Tier)
        && (one.From is null || other.Until is null || one.From < other.Until) && (other.From is null || one.Until is null || other.From < one.Until);

    /// <summary>Says what is wrong with a text in words of the text, rather than of what reads it.</summary>
    private static string Explain(JsonException fault)
    {
        var text = fault.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];
        var words = text.Split('\'');
        var what = text switch
        {
            _ when text.Contains("could not be mapped", StringComparison.Ordinal) && words.Length > 2 => $"there is no '{words[1]}'.",
            _ when text.StartsWith("Duplicate property", StringComparison.Ordinal) && words.Length > 2 => $"there is more than one '{words[1]}'.",
            _ when text.Contains("missing required properties", StringComparison.Ordinal) => $"it lacks {text[(text.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]}",
            _ when text.Contains("could not be converted", StringComparison.Ordinal) || text.Contains("doesn't allow", StringComparison.Ordinal) =>
                "that is no value it may have.",
            _ => text,
        };
        var where = fault.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}") : "the text";
        return $"{where}{(fault.Path is null or "$" ? "" : $", {fault.Path.TrimStart('$', '.')}")}: {what}";
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
