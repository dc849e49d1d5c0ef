namespace ProxyKit.Tiers;

/// <summary>Which counters the clients of a configuration have, and where the numbers of each lie.</summary>
internal sealed class CounterLayout
{
    private readonly (CounterShape Shape, int Offset)[] _counters;

    public CounterLayout(IEnumerable<CounterShape> shapes, long version)
    {
        var counters = new List<(CounterShape, int)>();
        foreach (var shape in shapes.Distinct())
        {
            if (shape.Kind == TierLimitKind.Own)
            {
                counters.Add((shape, Limiters++));
            }
            else
            {
                counters.Add((shape, Words));
                Words += shape.Words;
            }
        }

        _counters = [.. counters];
        Version = version;
    }

    /// <summary>Which of two layouts is the newer one.</summary>
    public long Version { get; }

    /// <summary>How many numbers a client has.</summary>
    public int Words { get; }

    /// <summary>How many limiters of the user's a client has.</summary>
    public int Limiters { get; }

    /// <summary>Where a counter lies; -1 where it is none of these.</summary>
    public int Find(CounterShape shape)
    {
        foreach (var (own, offset) in _counters)
        {
            if (own == shape)
            {
                return offset;
            }
        }

        return -1;
    }

    /// <summary>What a client has used of its quotas.</summary>
    /// <param name="client">The client.</param>
    /// <param name="words">Its numbers.</param>
    /// <param name="counts">Takes them.</param>
    /// <param name="now">Which periods are over, in milliseconds of Unix time; null where those are to be told too, as quotas that were reset.</param>
    public void AddQuotas(ReadOnlySpan<byte> client, ReadOnlySpan<long> words, List<QuotaCount> counts, long? now)
    {
        foreach (var (shape, offset) in _counters)
        {
            if (shape.Kind == TierLimitKind.Quota && (now is null || (words[offset] > now && words[offset + 1] > 0)))
            {
                counts.Add(new QuotaCount(
                    client.ToArray(),
                    shape.Name,
                    (QuotaPeriod)(shape.Period >> 32),
                    (int)shape.Period,
                    DateTimeOffset.FromUnixTimeMilliseconds(words[offset + 2]),
                    DateTimeOffset.FromUnixTimeMilliseconds(words[offset]),
                    words[offset + 1]));
            }
        }
    }

    /// <summary>When the last of a client's quotas is over of which something is used, in milliseconds of Unix time; null where all are.</summary>
    /// <param name="words">The client's numbers.</param>
    /// <param name="now">What time it is.</param>
    public long? QuotasEndAt(ReadOnlySpan<long> words, in TierTime now)
    {
        long? last = null;
        foreach (var (shape, offset) in _counters)
        {
            if (shape.Kind == TierLimitKind.Quota && words[offset + 1] > 0 && !WindowCount.IsOver(words[offset..], in now))
            {
                last = Math.Max(last ?? 0, words[offset]);
            }
        }

        return last;
    }

    /// <summary>Takes over what another layout has counted.</summary>
    public void CopyFrom(CounterLayout previous, ReadOnlySpan<long> from, Span<long> to)
    {
        foreach (var (shape, offset) in _counters)
        {
            if (shape.Kind != TierLimitKind.Own && previous.Find(shape) is >= 0 and var old)
            {
                from.Slice(old, shape.Words).CopyTo(to[offset..]);
            }
        }
    }

    /// <summary>Forgets what was counted. What is under way stays so.</summary>
    public void ClearCounts(Span<long> words)
    {
        foreach (var (shape, offset) in _counters)
        {
            if (shape.Kind is not (TierLimitKind.Own or TierLimitKind.Concurrency))
            {
                words.Slice(offset, shape.Words).Clear();
            }
        }
    }

    /// <summary>Takes over limiters of the user's.</summary>
    /// <param name="previous">The layout they were made for.</param>
    /// <param name="from">The limiters; those that are taken over are no longer there.</param>
    /// <param name="to">Where they go.</param>
    public void MoveFrom(CounterLayout previous, object?[] from, object?[] to)
    {
        foreach (var (shape, offset) in _counters)
        {
            if (shape.Kind == TierLimitKind.Own && previous.Find(shape) is >= 0 and var old)
            {
                (to[offset], from[old]) = (from[old], null);
            }
        }
    }
}
