using System.Numerics;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

/// <summary>What limits mean, in the simplest way there is: every charge is kept with its time, and a window's count is the sum of those that lie in it.
/// Buckets are followed charge by charge, in fractions.</summary>
internal sealed class LimiterModel(TierLimitOptions[] limits)
{
    private readonly Dictionary<TierLimitOptions, List<Charge>> _charges = limits.ToDictionary(static l => l, static _ => new List<Charge>());
    private readonly List<Request> _open = [];
    private readonly Dictionary<(TierLimitOptions, DateTimeOffset), DateOnly> _days = []; // found once: there are many to go through

    /// <summary>Admits a request; null where one of the limits refuses it.</summary>
    public Request? Begin(long units, DateTimeOffset now)
    {
        foreach (var limit in limits)
        {
            var fits = limit.Kind == TierLimitKind.Bucket
                ? Lack(limit, now) + (CostOf(limit, units) * Period(limit)) <= limit.Limit!.Value * Period(limit)
                : Used(limit, now) + CostOf(limit, units) <= limit.Limit;
            if (!fits)
            {
                return null;
            }
        }

        var request = new Request(units, now);
        _open.Add(request);
        foreach (var limit in limits)
        {
            _charges[limit].Add(new Charge(now, CostOf(limit, units)));
        }

        return request;
    }

    public void End(Request request, long charged, DateTimeOffset now)
    {
        _open.Remove(request);
        foreach (var limit in limits.Where(static l => !l.CountsRequests && l.Kind != TierLimitKind.Concurrency))
        {
            if (charged > request.Units)
            {
                _charges[limit].Add(new Charge(now, charged - request.Units));
            }
            else if (limit.Kind == TierLimitKind.Bucket)
            {
                _charges[limit].Add(new Charge(now, charged - request.Units));
            }
            else
            {
                _charges[limit].Add(new Charge(request.At, charged - request.Units)); // from where it was counted
            }
        }
    }

    /// <summary>What counts in a window now.</summary>
    public long Used(TierLimitOptions limit, DateTimeOffset now) => limit.Kind switch
    {
        TierLimitKind.Concurrency => _open.Count,
        TierLimitKind.Bucket => (long)((Lack(limit, now) + Period(limit) - 1) / Period(limit)),
        TierLimitKind.Sliding => Sum(limit, at => Piece(limit, at) >= Piece(limit, now) - limit.Segments),
        TierLimitKind.Fixed => Sum(limit, at => Milliseconds(at) / Period(limit) == Milliseconds(now) / Period(limit)),
        _ => Sum(limit, at => FirstDay(limit, at) == FirstDay(limit, now)),
    };

    private long Sum(TierLimitOptions limit, Func<DateTimeOffset, bool> counts) => _charges[limit].Where(c => counts(c.At)).Sum(static c => c.Units);

    /// <summary>What a bucket lacks, in units times milliseconds.</summary>
    private BigInteger Lack(TierLimitOptions limit, DateTimeOffset now)
    {
        var (lack, at) = (BigInteger.Zero, 0L);
        foreach (var charge in _charges[limit])
        {
            lack = BigInteger.Max(0, lack - ((Milliseconds(charge.At) - at) * (BigInteger)limit.Refill));
            lack = BigInteger.Max(0, lack + (charge.Units * (BigInteger)Period(limit)));
            at = Milliseconds(charge.At);
        }

        return BigInteger.Max(0, lack - ((Milliseconds(now) - at) * (BigInteger)limit.Refill));
    }

    /// <summary>The first day of the period that has an instant, found by going through all days.</summary>
    private DateOnly FirstDay(TierLimitOptions limit, DateTimeOffset instant) =>
        _days.TryGetValue((limit, instant), out var first) ? first : _days[(limit, instant)] = FindFirstDay(limit, instant);

    private static DateOnly FindFirstDay(TierLimitOptions limit, DateTimeOffset instant)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, limit.TimeZone).DateTime);
        var (first, anchor) = (limit.Anchor!.Value, limit.Anchor.Value);
        for (var index = 1; ; index++)
        {
            var next = limit.Period switch
            {
                QuotaPeriod.Day => anchor.AddDays(index * limit.PeriodLength),
                QuotaPeriod.Week => anchor.AddDays(7 * index * limit.PeriodLength),
                _ => anchor.AddMonths(index * limit.PeriodLength),
            };
            if (next > today)
            {
                return first;
            }

            first = next;
        }
    }

    private static long CostOf(TierLimitOptions limit, long units) => limit.CountsRequests || limit.Kind == TierLimitKind.Concurrency ? 1 : units;

    private static long Period(TierLimitOptions limit) => (long)limit.Window.TotalMilliseconds;

    private static long Piece(TierLimitOptions limit, DateTimeOffset at) =>
        Milliseconds(at) / ((Period(limit) + limit.Segments - 1) / limit.Segments);

    private static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    /// <summary>A request that was admitted.</summary>
    public sealed record Request(long Units, DateTimeOffset At);

    private sealed record Charge(DateTimeOffset At, long Units);
}
