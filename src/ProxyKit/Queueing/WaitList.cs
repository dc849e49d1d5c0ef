using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Queueing;

/// <summary>Those who wait for the same thing: class by class, and in each class as <see cref="WaitLane"/> says.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The order is by position, not by index: no collection to enumerate.")]
internal sealed class WaitList
{
    private const int KeptSpare = 8;

    private readonly List<WaitLane> _lanes = []; // that have members, by class
    private readonly Stack<WaitLane> _spare = new();

    public int Count { get; private set; }

    /// <summary>Where it is among the lists of its backend, by whom they would give up first; -1 while it has no members.</summary>
    public int Place { get; set; } = -1;

    /// <summary>How many have left with a slot: the difference tells how many went before one.</summary>
    public int Served { get; private set; }

    /// <summary>How fast they get slots.</summary>
    public DrainRate Rate { get; } = new();

    public Waiter? First => _lanes.Count == 0 ? null : _lanes[0].First;

    /// <summary>The lanes in their order; only to look at.</summary>
    public IReadOnlyList<WaitLane> Lanes => _lanes;

    public void Add(Waiter waiter, in WaitTicket ticket, long turn, long now)
    {
        if (Count == 0)
        {
            Rate.Begin(now);
        }

        waiter.List = this;
        waiter.ServedBefore = Served;
        LaneOf(ticket.Class).Add(waiter, ticket, turn);
        Count++;
    }

    public void Remove(Waiter waiter, bool isServed, long turn, long now)
    {
        waiter.List = null;
        waiter.WentBefore = Served - waiter.ServedBefore;
        var index = Find(waiter.Ticket.Class);
        var lane = _lanes[index];
        lane.Remove(waiter, isServed, turn);
        if (lane.Count == 0)
        {
            _lanes.RemoveAt(index);
            if (_spare.Count < KeptSpare)
            {
                _spare.Push(lane);
            }
        }

        Count--;
        if (isServed)
        {
            Served++;
            Rate.Count(now);
        }

        if (Count == 0)
        {
            Rate.End(now);
        }
    }

    /// <summary>About how many would go before one that came now: those of better classes, and of its own class its key's and as many of each
    /// other one.</summary>
    public int CountBefore(in WaitTicket ticket)
    {
        var before = 0;
        foreach (var lane in _lanes)
        {
            if (lane.Class < ticket.Class)
            {
                before += lane.Count;
            }
            else if (lane.Class == ticket.Class)
            {
                var own = lane.CountOf(ticket.Key);
                before += (int)Math.Min(lane.Count, ((long)own * lane.Keys) + (own == 0 ? lane.Keys : 0));
            }
        }

        return before;
    }

    private WaitLane LaneOf(int priority)
    {
        var index = Find(priority);
        if (index >= 0)
        {
            return _lanes[index];
        }

        var lane = _spare.TryPop(out var spare) ? spare : new WaitLane();
        lane.Begin(priority);
        _lanes.Insert(~index, lane);
        return lane;
    }

    /// <summary>Where a class is, or the complement of where it would be.</summary>
    private int Find(int priority)
    {
        var (low, high) = (0, _lanes.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _lanes[middle].Class;
            if (found == priority)
            {
                return middle;
            }

            (low, high) = found < priority ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
