using System.Text;

namespace ProxyKit.Tiers;

/// <summary>What a user's source has said of clients: of so many, for a time. One request asks for a client; others that come meanwhile wait for what it is
/// told. What was said last stays good where the source fails.</summary>
internal sealed class AssignedTiers(TiersOptions options, TimeProvider time, Action<Exception> failed)
{
    private readonly Lock _lock = new(); // guards _known and _order
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Queue<Known> _order = new(); // as they came in

    /// <summary>Whether it is of use to a configuration.</summary>
    public bool Serves(TiersOptions other) => other.Source == options.Source && other.SourceCacheTime == options.SourceCacheTime
        && other.SourceCacheSize == options.SourceCacheSize && other.SourceTimeout == options.SourceTimeout;

    /// <summary>Finds a client's tier without waiting.</summary>
    /// <param name="client">The client's key.</param>
    /// <param name="claimed">What its request says of its tier.</param>
    /// <param name="plans">The tiers.</param>
    /// <param name="plan">The tier; null for none.</param>
    /// <returns>Whether it is known.</returns>
    public bool TryFind(ReadOnlySpan<byte> client, ReadOnlySpan<byte> claimed, TierPlans plans, out TierPlan? plan)
    {
        Span<char> key = stackalloc char[TierKey.MostBytes]; // bytes as characters
        Encoding.Latin1.GetChars(client, key);
        lock (_lock)
        {
            if (_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..client.Length], out var known)
                && known.Search is null && time.GetTimestamp() < known.GoodUntil && claimed.SequenceEqual(known.Claimed))
            {
                plan = known.PlanIn(plans);
                return true;
            }
        }

        plan = null;
        return false;
    }

    /// <summary>Has the source find a client's tier.</summary>
    /// <returns>Whether the tier is known, be it from before, and the tier.</returns>
    public async ValueTask<(bool IsKnown, TierPlan? Plan)> FindAsync(byte[] client, byte[]? claimed, TierPlans plans, CancellationToken cancellationToken)
    {
        var (known, search) = Enter(Encoding.Latin1.GetString(client), client, claimed);
        await search.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it never fails, and who gives up knows that
        lock (_lock)
        {
            return (known.WasFound, known.PlanIn(plans));
        }
    }

    private (Known Known, Task Search) Enter(string key, byte[] client, byte[]? claimed)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(key, out var known) || !known.Claimed.AsSpan().SequenceEqual(claimed))
            {
                _known[key] = known = new Known(key, claimed ?? []);
                _order.Enqueue(known);
                while (_known.Count > options.SourceCacheSize || _order.Count > 2 * (long)options.SourceCacheSize)
                {
                    var oldest = _order.Dequeue();
                    if (_known.GetValueOrDefault(oldest.Key) == oldest)
                    {
                        _known.Remove(oldest.Key);
                    }
                }
            }

            if (known.Search is not { } search)
            {
                known.Search = search = Task.Run(() => SearchAsync(known, client, claimed)); // a user's code, not under the lock
            }

            return (known, search);
        }
    }

    private async Task SearchAsync(Known known, byte[] client, byte[]? claimed)
    {
        TierAssignment? found = null;
        var isAnswered = false;
        try
        {
            using var limit = new CancellationTokenSource(options.SourceTimeout, time);
            var query = new TierQuery(Encoding.UTF8.GetString(client), claimed is null ? null : Encoding.UTF8.GetString(claimed));
            found = await options.Source!.FindAsync(query, limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(false); // asked only where there is one
            isAnswered = true;
        }
        catch (Exception e)
        {
            failed(e); // a user's code, or too late: nothing new is known
        }

        lock (_lock)
        {
            if (isAnswered)
            {
                known.Set(found);
            }

            // A source that fails is asked again by the next request of a client that it never told of, and after the usual time by others.
            known.GoodUntil = known.WasFound ? time.GetTimestamp() + (long)(options.SourceCacheTime.TotalSeconds * time.TimestampFrequency) : 0;
            known.Search = null;
        }
    }

    private sealed class Known(string key, byte[] claimed)
    {
        private TierAssignment? _assignment;
        private TierPlan? _basis, _plan;

        public string Key => key;

        public byte[] Claimed => claimed;

        public long GoodUntil { get; set; }

        /// <summary>The search that is under way.</summary>
        public Task? Search { get; set; }

        /// <summary>Whether the source ever answered, be it that there is no tier.</summary>
        public bool WasFound { get; private set; }

        public void Set(TierAssignment? assignment)
        {
            (_assignment, _basis, _plan) = (assignment, null, null);
            WasFound = true;
        }

        /// <summary>The tier as a configuration has it now, made once for each that the configuration has.</summary>
        public TierPlan? PlanIn(TierPlans plans)
        {
            if (_assignment is null || plans.Find(_assignment.Tier) is not { } basis)
            {
                return null;
            }

            if (basis != _basis)
            {
                var plan = basis.With(_assignment.Limits);
                (_basis, _plan) = (basis, _assignment.Anchor is { } anchor ? plan.With(anchor) : plan);
            }

            return _plan;
        }
    }
}
