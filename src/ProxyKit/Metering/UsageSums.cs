namespace ProxyKit.Metering;

/// <summary>Adds usage up, as a query wants it.</summary>
/// <remarks>Not for several threads. Its memory grows with the number of totals, not of events.</remarks>
internal sealed class UsageSums(UsageQuery query)
{
    private readonly Dictionary<UsageKey, Int128> _sums = []; // wide enough for any number of events, of any quantity
    private readonly string? _client = query.Client is null ? null : UsageText.Stored(query.Client);
    private readonly int _from = UsageHours.Of(query.From) ?? int.MinValue;
    private readonly int _until = UsageHours.Of(query.Until) ?? int.MaxValue;

    /// <summary>How many totals there are.</summary>
    public int Count => _sums.Count;

    /// <summary>Adds what an event counts for, in the hour of its time.</summary>
    public void Add(UsageEvent e)
    {
        var (hour, client) = (UsageHours.Of(e.Time), UsageText.Stored(e.Client));
        if (MeterOf(e.Outcome) is { } meter)
        {
            Add(new(hour, null, client, e.Tier, meter), 1);
        }

        if (e.Outcome is UsageOutcome.Served or UsageOutcome.Failed)
        {
            Add(new(hour, null, client, e.Tier, UsageMeters.BytesIn), e.BytesIn);
            Add(new(hour, null, client, e.Tier, UsageMeters.BytesOut), e.BytesOut);
        }

        foreach (var (own, quantity) in e.Meters)
        {
            Add(new(hour, null, client, e.Tier, own), quantity);
        }
    }

    /// <summary>Adds a quantity, if it is wanted.</summary>
    public void Add(in UsageKey key, long quantity)
    {
        if (quantity == 0 || key.Hour < _from || key.Hour >= _until || (_client is not null && _client != key.Client))
        {
            return;
        }

        var bucket = key with { Hour = UsageHours.StartOf(query.Resolution, key.Hour, _from) };
        _sums[bucket] = _sums.GetValueOrDefault(bucket) + quantity;
    }

    /// <summary>All totals, in their order; those that come to nothing are left out.</summary>
    public IReadOnlyList<UsageTotal> ToTotals() => [.. Sorted().Select(static s => s.Key.ToTotal(s.Value))];

    /// <summary>All sums, in their order.</summary>
    public IEnumerable<KeyValuePair<UsageKey, Int128>> Sorted() => _sums.Where(static s => s.Value != 0).OrderBy(static s => s.Key);

    /// <summary>The meter that counts requests of an outcome.</summary>
    public static string? MeterOf(UsageOutcome outcome) => outcome switch
    {
        UsageOutcome.Served => UsageMeters.Requests,
        UsageOutcome.Failed => UsageMeters.Failed,
        UsageOutcome.Refused => UsageMeters.Refused,
        _ => null,
    };
}
