namespace ProxyKit.Tiers;

/// <summary>All windows of a client together: what counts in one counts in all. The caller holds the lock of the client's part.</summary>
internal static class Judgement
{
    /// <summary>Counts a request in all windows, or in none where one of them is full.</summary>
    /// <returns>Whether it was counted; the admission is told how the windows stand either way.</returns>
    public static bool TryTake(ClientCounters client, TierPlan plan, long units, in TierTime time, Admission admission)
    {
        var (mask, longest) = (0u, -1L);
        Window? refusedBy = null;
        for (var i = 0; i < plan.Windows.Length; i++)
        {
            var window = plan.Windows[i];
            var words = WordsOf(client, plan, window);
            if (words.IsEmpty)
            {
                continue;
            }

            var count = new WindowCount(window, words, in time);
            var cost = window.CostOf(units);
            var fits = count.Fits(cost);
            var wait = fits ? LeaseOf(client, window, in count)?.WaitFor(in count, cost, time.Steady) ?? 0 : count.WaitFor(cost);
            if (!fits || wait > 0)
            {
                mask |= 1u << i;
                if (wait > longest)
                {
                    (longest, refusedBy) = (wait, window);
                }
            }
        }

        (admission.RefusedMask, admission.RefusedBy, admission.RetryIn, admission.WarnedBy) = (mask, refusedBy, Math.Max(0, longest), null);
        for (var i = 0; i < plan.Windows.Length; i++)
        {
            var window = plan.Windows[i];
            var words = WordsOf(client, plan, window);
            if (words.IsEmpty)
            {
                admission.Note(i, long.MaxValue, 0);
                if (window.Shape.Kind == TierLimitKind.Own)
                {
                    client.RestsAt = Math.Max(client.RestsAt, time.Steady + window.Shape.Period);
                }

                continue;
            }

            var count = new WindowCount(window, words, in time);
            var lease = LeaseOf(client, window, in count);
            if (mask == 0)
            {
                var before = count.Used;
                count.Add(window.CostOf(units));
                lease?.Note(in count, before, time.Steady);
                client.RestsAt = Math.Max(client.RestsAt, time.Steady + count.RestsIn);
                if (window.SoftLimit is { } soft && count.Used > soft)
                {
                    admission.WarnedBy ??= window;
                }
            }

            admission.Note(i, lease is null ? count.Free : lease.FreeOf(in count, time.Steady), count.EndsIn);
        }

        return mask == 0;
    }

    /// <summary>Sets right what a request is charged that is over now.</summary>
    public static void Settle(ClientCounters client, TierPlan plan, long reserved, long charged, in TierTime then, in TierTime time)
    {
        foreach (var window in plan.Windows)
        {
            var words = WordsOf(client, plan, window);
            if (words.IsEmpty)
            {
                continue;
            }

            var isConcurrency = window.Shape.Kind == TierLimitKind.Concurrency;
            if (!isConcurrency && (window.CountsRequests || charged == reserved))
            {
                continue;
            }

            var count = new WindowCount(window, words, in time);
            var (lease, before) = (LeaseOf(client, window, in count), count.Used);
            if (isConcurrency || charged < reserved)
            {
                count.TakeBack(isConcurrency ? 1 : reserved - charged, in then);
            }
            else
            {
                count.Add(charged - reserved); // now: the window of its beginning may be over, and units are not given away
                client.RestsAt = Math.Max(client.RestsAt, time.Steady + count.RestsIn);
            }

            lease?.Note(in count, before, time.Steady);
        }
    }

    /// <summary>Takes everything back that a request was counted with.</summary>
    public static void TakeBack(ClientCounters client, TierPlan plan, long reserved, in TierTime then, in TierTime time)
    {
        foreach (var window in plan.Windows)
        {
            var words = WordsOf(client, plan, window);
            if (!words.IsEmpty)
            {
                var count = new WindowCount(window, words, in time);
                var (lease, before) = (LeaseOf(client, window, in count), count.Used);
                count.TakeBack(window.CostOf(reserved), in then);
                lease?.Note(in count, before, time.Steady);
            }
        }
    }

    /// <summary>How the windows of a plan stand, without counting anything.</summary>
    /// <param name="client">The client; null for one of whom nothing is known.</param>
    /// <param name="plan">Its tier.</param>
    /// <param name="time">Now.</param>
    /// <param name="windows">Receives them, in the order of the plan.</param>
    public static void Read(ClientCounters? client, TierPlan plan, in TierTime time, Span<WindowState> windows)
    {
        var nothing = new long[3 + ClientTable.MostSegments];
        for (var i = 0; i < plan.Windows.Length; i++)
        {
            var window = plan.Windows[i];
            var words = client is null ? default : WordsOf(client, plan, window);
            var isUnused = words.IsEmpty || (window.Shape.Kind == TierLimitKind.Quota && WindowCount.IsOver(words, in time));
            if (isUnused)
            {
                Array.Clear(nothing);
                words = nothing; // who looks on begins no period of a quota: the client may have a calendar of its own
            }

            if (window.Shape.Kind == TierLimitKind.Own)
            {
                windows[i] = new WindowState(0, 0);
                continue;
            }

            var count = new WindowCount(window, words, in time);
            var lease = isUnused ? null : LeaseOf(client!, window, in count); // it has been used, so there is a client
            // What a bucket lacks may take longer to come back than there are years.
            windows[i] = new WindowState(lease?.UsedOf(in count, time.Steady) ?? count.Used, Math.Min(TierLease.NoEnd, count.EndsIn + count.Now));
        }
    }

    /// <summary>What was leased of a window for the period that is under way; null where it is not shared.</summary>
    private static TierLease? LeaseOf(ClientCounters client, Window window, in WindowCount count)
    {
        var lease = client.LeaseOf(window);
        lease?.TurnTo(in count, window);
        return lease;
    }

    private static Span<long> WordsOf(ClientCounters client, TierPlan plan, Window window) =>
        window.Shape.Kind == TierLimitKind.Own ? default : client.WordsOf(plan, window);
}

/// <summary>How a window of a client stands.</summary>
/// <param name="Used">What counts now.</param>
/// <param name="EndsAt">When the window is over, in milliseconds of Unix time; no later than times can be told.</param>
internal readonly record struct WindowState(long Used, long EndsAt);
