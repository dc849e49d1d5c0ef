using ProxyKit.Metering;

namespace ProxyKit.Billing;

/// <summary>Makes invoices of what was used.</summary>
/// <remarks>Each line is worked out exactly and rounded once, halves to the even neighbour; the total is the sum of the rounded lines, so they always add
/// up. What came late for a period that was closed is charged with the period it came in, by lines of its own: what its own period's invoice
/// would come to with it, less what that came to without. So a period's invoice and all that corrects it add up to what it had been with
/// everything in time. It belongs to the subscription that the client had when it was used, also where that has ended since.</remarks>
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
        var totals = await store.ReadAsync(QueryFor(subscription, period), cancellationToken).ConfigureAwait(false);
        var earlier = new List<UsageTotal>();
        foreach (var query in EarlierQueriesFor(subscription, period, totals))
        {
            earlier.AddRange(await store.ReadAsync(query, cancellationToken).ConfigureAwait(false));
        }

        return Create(subscription, period, totals, earlier);
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
        var days = HoursOf(hasEnded ? period : period.Overlap(subscription.From, null));
        return Query(subscription, days.From, days.Until) with { Resolution = hasEnded ? UsageResolution.Hour : UsageResolution.All };
    }

    /// <summary>Which usage of earlier periods an invoice is made of besides, so that what came late is charged as what it adds to those.</summary>
    /// <param name="subscription">Whose.</param>
    /// <param name="period">For which days the invoice is. The periods before it are as long as it: months before a month.</param>
    /// <param name="totals">What was used, by <see cref="QueryFor"/>.</param>
    /// <returns>The queries, of times that have nothing in common; none where nothing came late.</returns>
    /// <exception cref="ArgumentException">Days do not begin with an hour of UTC.</exception>
    public IReadOnlyList<UsageQuery> EarlierQueriesFor(Subscription subscription, BillingPeriod period, IEnumerable<UsageTotal> totals)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(totals);
        ThrowIfEmpty(period);
        var usage = new PeriodUsage(subscription, period, this);
        usage.Add(totals);

        // Cut where a late period begins or ends, so that no total goes over such a place; what lies between them may hold corrections of them.
        var cuts = new SortedSet<DateTimeOffset>();
        foreach (var late in usage.LatePeriods)
        {
            var hours = HoursOf(late.Overlap(subscription.From, subscription.Until));
            cuts.Add(hours.From);
            cuts.Add(hours.Until);
        }

        if (cuts.Count == 0)
        {
            return [];
        }

        cuts.Add(Hour(period.StartIn(_zone)));
        return [.. cuts.Zip(cuts.Skip(1), (from, until) => Query(subscription, from, until))];
    }

    /// <summary>Makes an invoice of totals.</summary>
    /// <param name="subscription">Whose, and by which plan.</param>
    /// <param name="period">For which days.</param>
    /// <param name="totals">What was used, by <see cref="QueryFor"/>. Totals of other clients, tiers and times are left out.</param>
    /// <param name="earlier">What was used before, by <see cref="EarlierQueriesFor"/>; null where nothing came late.</param>
    /// <returns>The invoice.</returns>
    /// <exception cref="ArgumentException">The plan has faults, days do not begin with an hour of UTC, or something came late and <paramref name="earlier"/> is
    /// null.</exception>
    /// <exception cref="OverflowException">It is beyond what a decimal holds.</exception>
    public Invoice Create(Subscription subscription, BillingPeriod period, IEnumerable<UsageTotal> totals, IEnumerable<UsageTotal>? earlier = null)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(totals);
        ThrowIfEmpty(period);
        var plan = subscription.Plan;
        if (plan.Check() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(subscription));
        }

        var usage = new PeriodUsage(subscription, period, this);
        usage.Add(totals);
        if (earlier is not null)
        {
            usage.AddEarlier(earlier);
        }
        else if (usage.LatePeriods.Count > 0)
        {
            throw new ArgumentException("Something came late: it cannot be charged without what was used in its own time.", nameof(earlier));
        }

        var days = period.Overlap(subscription.From, subscription.Until);
        var lines = PlanLines.Of(plan, days, period, usage.Own);
        foreach (var late in usage.LatePeriods)
        {
            lines.AddRange(Corrections.Of(plan, late.Overlap(subscription.From, subscription.Until), late, usage.Before(late), usage.Late(late)));
        }

        return new Invoice { Client = subscription.Client, Plan = plan.Name, Period = days.Days > 0 ? days : period, Currency = plan.Currency, Lines = lines };
    }

    /// <summary>The hours that days have.</summary>
    /// <exception cref="ArgumentException">Days do not begin with an hour of UTC.</exception>
    internal (DateTimeOffset From, DateTimeOffset Until) HoursOf(BillingPeriod days) => (Hour(days.StartIn(_zone)), Hour(days.EndIn(_zone)));

    /// <summary>The day that an hour is of.</summary>
    internal DateOnly DayOf(DateTimeOffset hour) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(hour, _zone).DateTime);

    private static UsageQuery Query(Subscription subscription, DateTimeOffset from, DateTimeOffset until) => new()
    {
        From = from,
        Until = until,
        Client = UsageText.Stored(subscription.Client),
        Resolution = UsageResolution.All,
    };

    private static void ThrowIfEmpty(BillingPeriod period)
    {
        if (period.Days <= 0)
        {
            throw new ArgumentException("The period has no days.", nameof(period));
        }
    }

    private static DateTimeOffset Hour(DateTimeOffset time) => time.Ticks % TimeSpan.TicksPerHour == 0
        ? time
        : throw new ArgumentException($"A day that begins at {time:u} cannot be charged: usage is kept by the hour of UTC.");
}
