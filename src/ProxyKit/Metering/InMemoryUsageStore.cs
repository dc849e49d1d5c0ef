namespace ProxyKit.Metering;

/// <summary>Keeps usage events in memory, for as long as the process lives and without bound: for tests.</summary>
public sealed class InMemoryUsageStore : IUsageStore
{
    private readonly Lock _lock = new(); // guards what follows
    private readonly List<UsageEvent> _events = [];
    private readonly HashSet<Guid> _ids = [];

    /// <summary>The events so far.</summary>
    public IReadOnlyList<UsageEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(IReadOnlyList<UsageEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        lock (_lock)
        {
            _events.AddRange(events.Where(e => _ids.Add(e.Id)));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var sums = new UsageSums(query);
        foreach (var e in Events)
        {
            sums.Add(e);
        }

        return new(sums.ToTotals());
    }
}
