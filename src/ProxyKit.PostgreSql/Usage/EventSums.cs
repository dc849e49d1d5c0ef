using ProxyKit.Metering;

namespace ProxyKit.PostgreSql.Usage;

/// <summary>Adds events up by hour, client, tier and meter. What happened before a moment counts now, as a correction of its own hour.</summary>
/// <param name="closedUntil">The moment; null where nothing is closed.</param>
/// <param name="now">When the events are written.</param>
internal sealed class EventSums(DateTimeOffset? closedUntil, DateTimeOffset now)
{
    private readonly Dictionary<TotalKey, decimal> _sums = []; // wide enough for any number of events, of any quantity

    /// <summary>Adds an event.</summary>
    /// <returns>The hour that it counts in.</returns>
    public DateTime Add(UsageEvent e)
    {
        var isLate = e.Time < closedUntil;
        var key = new TotalKey(
            TotalKey.HourOf(!isLate ? e.Time : now > closedUntil ? now : closedUntil!.Value), // late, so something is closed
            e.Client,
            e.Tier,
            "",
            isLate ? TotalKey.HourOf(e.Time) : TotalKey.InTime);
        if (MeterOf(e.Outcome) is { } meter)
        {
            Add(key with { Meter = meter }, 1);
        }

        if (e.Outcome is UsageOutcome.Served or UsageOutcome.Failed)
        {
            Add(key with { Meter = UsageMeters.BytesIn }, e.BytesIn);
            Add(key with { Meter = UsageMeters.BytesOut }, e.BytesOut);
        }

        foreach (var (own, quantity) in e.Meters)
        {
            Add(key with { Meter = own }, quantity);
        }

        return key.Hour;
    }

    /// <summary>The sums, in the order of their keys; those that come to nothing are left out.</summary>
    public IReadOnlyList<KeyValuePair<TotalKey, decimal>> Sorted() => [.. _sums.Where(static s => s.Value != 0).OrderBy(static s => s.Key)];

    private void Add(in TotalKey key, long quantity)
    {
        if (quantity != 0)
        {
            _sums[key] = _sums.GetValueOrDefault(key) + quantity;
        }
    }

    private static string? MeterOf(UsageOutcome outcome) => outcome switch
    {
        UsageOutcome.Served => UsageMeters.Requests,
        UsageOutcome.Failed => UsageMeters.Failed,
        UsageOutcome.Refused => UsageMeters.Refused,
        _ => null,
    };
}
