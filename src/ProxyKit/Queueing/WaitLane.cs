namespace ProxyKit.Queueing;

/// <summary>Those of one class who wait for the same thing. Their keys take turns: deficit round robin, in which each request costs the same and
/// a key's weight is what it gets at each turn. Where all have the same key, that is their order of arrival.</summary>
internal sealed class WaitLane
{
    private const int KeptSpare = 16;

    private readonly Dictionary<ulong, WaitFlow> _flows = [];
    private readonly IndexedHeap<WaitFlow, LongestGoesFirst> _byLength = new();
    private readonly Stack<WaitFlow> _spare = new();
    private WaitFlow? _turn; // whose turn it is

    public int Class { get; private set; }

    public int Count { get; private set; }

    /// <summary>How many keys wait.</summary>
    public int Keys => _flows.Count;

    public Waiter? First => _turn?.First;

    /// <summary>The keys that wait; only to look at.</summary>
    public Dictionary<ulong, WaitFlow>.ValueCollection Flows => _flows.Values;

    /// <summary>Takes the object into use for a class.</summary>
    public void Begin(int priority) => Class = priority;

    public void Add(Waiter waiter, in WaitTicket ticket, long turn)
    {
        if (!_flows.TryGetValue(ticket.Key, out var flow))
        {
            flow = _spare.TryPop(out var spare) ? spare : new WaitFlow();
            flow.Begin(ticket.Key, turn);
            _flows.Add(ticket.Key, flow);
            _byLength.Add(flow);
            Join(flow);
        }

        if (flow.Weight != ticket.Weight)
        {
            flow.Weight = ticket.Weight;
            flow.Left = Math.Min(flow.Left, ticket.Weight);
        }

        waiter.Flow = flow;
        flow.Add(waiter);
        _byLength.Update(flow);
        if (flow == _turn && flow.Left == 0)
        {
            flow.Left = flow.Weight; // it is alone, so it is its turn
        }

        Count++;
    }

    /// <summary>Takes one out. Who goes with a slot was first, and uses up a part of its key's turn.</summary>
    public void Remove(Waiter waiter, bool isServed, long turn)
    {
        var flow = waiter.Flow!; // it is in this lane
        waiter.Flow = null;
        flow.Remove(waiter);
        Count--;
        if (isServed)
        {
            flow.LastTurn = turn;
            flow.Left--;
        }

        if (flow.Count == 0)
        {
            Part(flow);
            return;
        }

        _byLength.Update(flow);
        if (flow == _turn && flow.Left <= 0)
        {
            Pass(flow.Next);
        }
    }

    /// <summary>How many wait with a key.</summary>
    public int CountOf(ulong key) => _flows.TryGetValue(key, out var flow) ? flow.Count : 0;

    /// <summary>The key that most wait with.</summary>
    public WaitFlow? Longest => _byLength.First;

    /// <summary>All members in their order of arrival, as of now.</summary>
    public Waiter[] All()
    {
        var all = new Waiter[Count];
        var length = 0;
        foreach (var flow in _flows.Values)
        {
            flow.Members.CopyTo(all.AsSpan(length));
            length += flow.Count;
        }

        Array.Sort(all, static (x, y) => x.Position.CompareTo(y.Position));
        return all;
    }

    /// <summary>The last place of the round is the one before whose turn it is.</summary>
    private void Join(WaitFlow flow)
    {
        if (_turn is null)
        {
            flow.Next = flow.Previous = flow;
            _turn = flow;
            return;
        }

        (flow.Next, flow.Previous) = (_turn, _turn.Previous);
        _turn.Previous!.Next = flow; // a round has no end
        _turn.Previous = flow;
    }

    private void Part(WaitFlow flow)
    {
        _flows.Remove(flow.Key);
        _byLength.Remove(flow);
        if (flow == _turn)
        {
            _turn = null;
            Pass(flow.Next == flow ? null : flow.Next);
        }

        flow.Previous!.Next = flow.Next; // a round has no end
        flow.Next!.Previous = flow.Previous;
        flow.Next = flow.Previous = null;
        flow.Weight = 1;
        if (_spare.Count < KeptSpare)
        {
            _spare.Push(flow);
        }
    }

    private void Pass(WaitFlow? next)
    {
        _turn = next;
        if (next is not null)
        {
            next.Left = next.Weight;
        }
    }
}
