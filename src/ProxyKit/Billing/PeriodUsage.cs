using System.Numerics;
using ProxyKit.Metering;

namespace ProxyKit.Billing;

/// <summary>What a subscription's client used in a period, and what came late in it for those before.</summary>
internal sealed class PeriodUsage
{
    private readonly Subscription _subscription;
    private readonly BillingPeriod _period;
    private readonly Invoicer _invoicer;
    private readonly UsageQuery _query;
    private readonly HashSet<string> _priced;
    private readonly Dictionary<string, BigInteger> _own = new(StringComparer.Ordinal);
    private readonly SortedDictionary<DateOnly, EarlierPeriod> _earlier = []; // by their first days

    /// <exception cref="ArgumentException">Days do not begin with an hour of UTC.</exception>
    public PeriodUsage(Subscription subscription, BillingPeriod period, Invoicer invoicer)
    {
        (_subscription, _period, _invoicer) = (subscription, period, invoicer);
        _query = invoicer.QueryFor(subscription, period);
        _priced = [.. subscription.Plan.Prices.Select(static p => p.Meter)];
    }

    /// <summary>What was used in it, by meter.</summary>
    public IReadOnlyDictionary<string, BigInteger> Own => _own;

    /// <summary>For which periods something came late, the first one first.</summary>
    public IReadOnlyList<BillingPeriod> LatePeriods => [.. _earlier.Values.Where(static e => e.Late.Values.Any(static q => !q.IsZero)).Select(static e => e.Period)];

    /// <summary>What was used in such a period, as far as it was charged by then.</summary>
    public IReadOnlyDictionary<string, BigInteger> Before(BillingPeriod late) => _earlier[late.From].Before;

    /// <summary>What came late for it.</summary>
    public IReadOnlyDictionary<string, BigInteger> Late(BillingPeriod late) => _earlier[late.From].Late;

    /// <summary>Adds what was written down in the period.</summary>
    public void Add(IEnumerable<UsageTotal> totals)
    {
        var days = _invoicer.HoursOf(_period.Overlap(_subscription.From, _subscription.Until));
        foreach (var total in totals.Where(IsOurs).Where(t => t.From >= _query.From && t.From < _query.Until))
        {
            var hour = total.CorrectsHour ?? total.From;
            if (hour >= days.From && hour < days.Until)
            {
                Add(_own, total);
            }
            else if (total.CorrectsHour is not null && PeriodOf(hour) is { } earlier)
            {
                Add(earlier.Late, total);
            }
        }
    }

    /// <summary>Adds what was written down before it, for periods that something came late for.</summary>
    public void AddEarlier(IEnumerable<UsageTotal> totals)
    {
        var start = _invoicer.HoursOf(_period).From;
        foreach (var total in totals.Where(IsOurs).Where(t => t.From < start))
        {
            var hour = total.CorrectsHour ?? total.From;
            var day = _invoicer.DayOf(hour);
            if (IsSubscribed(day) && _earlier.TryGetValue(_period.Earlier(day).From, out var earlier))
            {
                Add(earlier.Before, total);
            }
        }
    }

    private static void Add(Dictionary<string, BigInteger> used, UsageTotal total) => used[total.Meter] = used.GetValueOrDefault(total.Meter) + total.Quantity;

    private bool IsOurs(UsageTotal total) => total.Client == _query.Client && _priced.Contains(total.Meter)
        && (_subscription.Tier is null || total.Tier == _subscription.Tier);

    private bool IsSubscribed(DateOnly day) => (_subscription.From is not { } from || day >= from) && (_subscription.Until is not { } until || day < until);

    /// <summary>The period that an hour before this one is of; null where the subscription was not there.</summary>
    private EarlierPeriod? PeriodOf(DateTimeOffset hour)
    {
        var day = _invoicer.DayOf(hour);
        if (day >= _period.From || !IsSubscribed(day))
        {
            return null;
        }

        var period = _period.Earlier(day);
        if (!_earlier.TryGetValue(period.From, out var earlier))
        {
            _earlier[period.From] = earlier = new(period, new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        }

        return earlier;
    }

    private sealed record EarlierPeriod(BillingPeriod Period, Dictionary<string, BigInteger> Before, Dictionary<string, BigInteger> Late);
}
