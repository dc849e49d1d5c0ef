namespace ProxyKit.Tiers;

/// <summary>Which quotas have changed, for who keeps them over restarts.</summary>
internal sealed partial class ClientTable
{
    private const int TakenInOneHold = 256; // clients

    private volatile bool _keepsQuotas;

    /// <summary>Whether it is noted whose counts change.</summary>
    public bool KeepsQuotas
    {
        get => _keepsQuotas;
        set => _keepsQuotas = value;
    }

    /// <summary>Takes the quotas of the clients that have changed since the last time.</summary>
    /// <param name="counts">Takes them.</param>
    public void TakeChangedQuotas(List<QuotaCount> counts)
    {
        foreach (var part in _parts)
        {
            bool isMore;
            do
            {
                lock (part.Lock)
                {
                    isMore = part.TakeChanged(counts, TakenInOneHold, _clock.Now.Wall);
                }
            }
            while (isMore);
        }
    }

    /// <summary>Has all clients count as changed.</summary>
    /// <param name="alsoReset">Whether what is not used is told as well, since it may have been reset.</param>
    public void MarkAllQuotas(bool alsoReset)
    {
        foreach (var part in _parts)
        {
            lock (part.Lock)
            {
                foreach (var client in part.All())
                {
                    client.HasLess |= alsoReset;
                    part.NoteChanged(client);
                }
            }
        }
    }

    /// <summary>The quotas of all clients of which anything is used, as they are when their part is come to.</summary>
    public IEnumerable<QuotaCount> AllQuotas()
    {
        var counts = new List<QuotaCount>();
        foreach (var part in _parts)
        {
            counts.Clear();
            lock (part.Lock)
            {
                var now = _clock.Now.Wall;
                foreach (var client in part.All())
                {
                    client.AddQuotas(counts, now);
                }
            }

            foreach (var count in counts)
            {
                yield return count;
            }
        }
    }

    /// <summary>Counts what was kept, unless more was counted since.</summary>
    /// <param name="count">What was kept.</param>
    /// <param name="layout">What clients count by.</param>
    public void Restore(in QuotaCount count, CounterLayout layout)
    {
        var shape = CounterShape.OfQuota(count.Window, count.Period, count.PeriodLength);
        if (layout.Find(shape) < 0 || count.Used <= 0 || count.EndsAt.ToUnixTimeMilliseconds() <= _clock.Now.Wall)
        {
            return; // there is no such quota any more, or its period is over
        }

        Change(count.Client.Span, layout, (Shape: shape, Count: count), static (client, time, kept) =>
        {
            var words = client.WordsOf(kept.Shape);
            var (start, end) = (kept.Count.StartsAt.ToUnixTimeMilliseconds(), kept.Count.EndsAt.ToUnixTimeMilliseconds());
            if (!words.IsEmpty && (words[0] <= time.Wall || words[0] == end))
            {
                (words[0], words[1], words[2]) = (end, Math.Max(words[0] == end ? words[1] : 0, Math.Min(kept.Count.Used, TierUnits.Most)), start);
                client.RestsAt = Math.Max(client.RestsAt, time.Steady + end - time.Wall);
                client.UsedAt = time.Steady;
            }
        });
    }
}
