using System.Globalization;
using System.Numerics;
using ProxyKit.Metering;

namespace ProxyKit.Billing;

/// <summary>Makes invoices of what was used.</summary>
/// <remarks>Each line is worked out exactly and rounded once, halves to the even neighbour; the total is the sum of the rounded lines, so they always add
/// up. What came late for a month that was closed is charged in the month it came, by lines of its own: what it costs is what the
/// month's usage costs with it, less what it costs without. It belongs to the subscription that the client had when it was used, also where that has
/// ended since.</remarks>
/// <param name="zone">Whose days are the days of periods; null for UTC. Usage is kept by the hour, so a zone whose days do not begin with an hour of
/// UTC cannot be charged by.</param>
public sealed class Invoicer(TimeZoneInfo? zone = null)
{
    private readonly TimeZoneInfo _zone = zone ?? TimeZoneInfo.Utc;

    /// <summary>Makes an invoice of what a store holds.</summary>
    /// <param name="store">The store.</param>
    /// <param name="subscription">Whose, and by which plan.</param>
    /// <param name="period">For which days.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The invoice.</returns>
    /// <exception cref="ArgumentException">The plan has faults, or days do not begin with an hour of UTC.</exception>
    /// <exception cref="OverflowException">It is beyond what a decimal holds.</exception>
    public async ValueTask<Invoice> CreateAsync(
        IUsageStore store, Subscription subscription, BillingPeriod period, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(subscription);
        var query = QueryFor(subscription, period);
        return Create(subscription, period, await store.ReadAsync(query, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Which usage an invoice is made of.</summary>
    /// <param name="subscription">Whose.</param>
    /// <param name="period">For which days.</param>
    /// <returns>The query.</returns>
    /// <exception cref="ArgumentException">Days do not begin with an hour of UTC.</exception>
    public UsageQuery QueryFor(Subscription subscription, BillingPeriod period)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ThrowIfEmpty(period);
        var hasEnded = subscription.Until < period.Until; // what is late for it comes among what is another subscription's, to be told apart by its hour
        var days = hasEnded ? period : period.Overlap(subscription.From, null);
        return new UsageQuery
        {
            From = Hour(days.StartIn(_zone)),
            Until = Hour(days.EndIn(_zone)),
            Client = UsageText.Stored(subscription.Client),
            Resolution = hasEnded ? UsageResolution.Hour : UsageResolution.All,
        };
    }

    /// <summary>Makes an invoice of totals.</summary>
    /// <param name="subscription">Whose, and by which plan.</param>
    /// <param name="period">For which days.</param>
    /// <param name="totals">What was used. Totals of other clients, tiers and times are left out.</param>
    /// <returns>The invoice.</returns>
    /// <exception cref="ArgumentException">The plan has faults, or days do not begin with an hour of UTC.</exception>
    /// <exception cref="OverflowException">It is beyond what a decimal holds.</exception>
    public Invoice Create(Subscription subscription, BillingPeriod period, IEnumerable<UsageTotal> totals)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(totals);
        ThrowIfEmpty(period);
        var plan = subscription.Plan;
        if (plan.Check() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(subscription));
        }

        var days = period.Overlap(subscription.From, subscription.Until);
        var (start, end) = (Hour(days.StartIn(_zone)), Hour(days.EndIn(_zone)));
        var query = QueryFor(subscription, period);
        var used = totals.Where(t => t.Client == query.Client && (subscription.Tier is null || t.Tier == subscription.Tier)
            && (t.CorrectsHour is { } hour ? t.From >= query.From && t.From < query.Until && IsIn(subscription, hour) : t.From >= start && t.From < end))
            .ToLookup(static t => t.Meter, StringComparer.Ordinal);
        var part = plan.IsProrated ? (Days: days.Days, Of: period.Days) : (Days: Math.Min(1, days.Days), Of: 1);
        var lines = new List<InvoiceLine>();
        AddFee(plan, part, lines);
        foreach (var price in plan.Prices)
        {
            AddUsage(plan, price, part, used[price.Meter], start, lines);
        }

        AddMinimum(plan, part, lines);
        return new Invoice { Client = subscription.Client, Plan = plan.Name, Period = days.Days > 0 ? days : period, Currency = plan.Currency, Lines = lines };
    }

    private static void ThrowIfEmpty(BillingPeriod period)
    {
        if (period.Days <= 0)
        {
            throw new ArgumentException("The period has no days.", nameof(period));
        }
    }

    /// <summary>Whether a subscription was there at a time.</summary>
    private bool IsIn(Subscription subscription, DateTimeOffset time) =>
        (subscription.From is not { } from || time >= new BillingPeriod(from, from).StartIn(_zone))
        && (subscription.Until is not { } until || time < new BillingPeriod(until, until).StartIn(_zone));

    private static DateTimeOffset Hour(DateTimeOffset time) => time.Ticks % TimeSpan.TicksPerHour == 0
        ? time
        : throw new ArgumentException($"A day that begins at {time:u} cannot be charged: usage is kept by the hour of UTC.");

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

    private void AddUsage(
        PricePlan plan, MeterPrice price, (int Days, int Of) part, IEnumerable<UsageTotal> totals, DateTimeOffset start, List<InvoiceLine> lines)
    {
        var (own, late) = (BigInteger.Zero, new SortedDictionary<DateOnly, BigInteger>());
        foreach (var total in totals)
        {
            if (total.CorrectsHour is { } used && used < start)
            {
                var local = TimeZoneInfo.ConvertTime(used, _zone);
                var month = new DateOnly(local.Year, local.Month, 1);
                late[month] = late.GetValueOrDefault(month) + total.Quantity;
            }
            else
            {
                own += total.Quantity;
            }
        }

        var included = BigInteger.Divide((BigInteger)price.Included * part.Days, part.Of);
        if (own > 0 && included > 0)
        {
            lines.Add(Line(price, InvoiceLineKind.Included, $"{price.Meter}, included", BigInteger.Min(own, included), 0));
        }

        foreach (var rated in Rating.Parts(price, Charged(own)))
        {
            var fee = rated.FlatFee == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {rated.FlatFee} for the band");
            lines.Add(Line(price, InvoiceLineKind.Usage, price.Meter + fee, rated.Quantity, rated.Amount.Round(plan.Decimals)) with { UnitPrice = rated.UnitPrice });
        }

        foreach (var (month, quantity) in late)
        {
            var before = own;
            own += quantity;
            var amount = (Rating.Total(price, Charged(own)) - Rating.Total(price, Charged(before))).Round(plan.Decimals);
            lines.Add(Line(price, InvoiceLineKind.Correction, string.Create(CultureInfo.InvariantCulture, $"{price.Meter}, late from {month:yyyy-MM}"), quantity, amount) with
            {
                Corrects = month,
            });
        }

        BigInteger Charged(BigInteger quantity) => quantity.Sign < 0 ? quantity : BigInteger.Max(0, quantity - included);
    }

    private static InvoiceLine Line(MeterPrice price, InvoiceLineKind kind, string description, BigInteger quantity, decimal amount) => new()
    {
        Kind = kind,
        Description = description,
        Meter = price.Meter,
        Quantity = (decimal)quantity,
        PerUnits = price.PerUnits,
        Amount = amount,
    };
}
