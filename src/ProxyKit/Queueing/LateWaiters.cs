namespace ProxyKit.Queueing;

/// <summary>Finds those who would get a slot only when their time is over. Guarded by the queue's lock.</summary>
internal sealed class LateWaiters
{
    /// <summary>How often all are looked at, in milliseconds, at most.</summary>
    private const long Interval = 100;

    /// <summary>How many are looked at for each that came or went since the last look: it takes a look at each, so that a look at thousands is
    /// worth it only once hundreds have moved. Whoever is late all the same is told so at its limit.</summary>
    private const int Share = 8;

    /// <summary>By how much an estimate has to exceed the time that is left: rates change, and who is sent away cannot come back to its place.</summary>
    private const double Tolerance = 1.2;

    private readonly List<Waiter> _order = [];
    private long _next;
    private int _moves; // since the last look

    /// <summary>Those that were found.</summary>
    public List<Waiter> Found { get; } = [];

    /// <summary>Whether one with so many before it comes too late.</summary>
    /// <param name="waiter">Who waits.</param>
    /// <param name="before">How many go before it.</param>
    /// <param name="rate">How many go in a millisecond; null where nobody knows, and then nobody is late.</param>
    /// <param name="now">The time.</param>
    public static bool IsLate(Waiter waiter, int before, double? rate, long now) =>
        rate is { } known && waiter.Until != Transport.Deadline.Never && (before + 1) / known > (waiter.Until - now) * Tolerance;

    /// <summary>Whether it is time for another look; to be asked whenever one comes or goes.</summary>
    /// <param name="now">The time.</param>
    /// <param name="count">How many there are to look at.</param>
    public bool IsDue(long now, int count)
    {
        _moves++;
        if (now < _next || (long)_moves * Share < count)
        {
            return false;
        }

        _next = now + Interval;
        _moves = 0;
        return true;
    }

    /// <summary>Looks at a list. Who is found counts no more as being before the others.</summary>
    public void Find(WaitList list, long now)
    {
        var rate = list.Rate.Read(now);
        var before = 0;
        foreach (var lane in list.Lanes)
        {
            var kept = 0;
            foreach (var flow in lane.Flows)
            {
                _order.Clear();
                _order.AddRange(flow.Members);
                _order.Sort(static (x, y) => x.Position.CompareTo(y.Position));
                var rank = 0;
                foreach (var waiter in _order)
                {
                    if (IsLate(waiter, before + Math.Min(lane.Count - 1, rank * lane.Keys), rate, now))
                    {
                        Found.Add(waiter);
                    }
                    else
                    {
                        rank++;
                        kept++;
                    }
                }
            }

            before += kept;
        }
    }

    public void Clear()
    {
        Found.Clear();
        _order.Clear();
    }
}
