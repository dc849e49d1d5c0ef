namespace ProxyKit.Queueing;

/// <summary>Those of one class who wait for the same thing and have one key.</summary>
internal sealed class WaitFlow
{
    private readonly IndexedHeap<Waiter, FirstGoesFirst> _waiters = new();
    private readonly IndexedHeap<Waiter, LastGoesFirst> _fromBehind = new();

    /// <summary>How many wait.</summary>
    public int Count => _waiters.Count;

    public Waiter? First => _waiters.First;

    /// <summary>The one that would have its turn last.</summary>
    public Waiter? Last => _fromBehind.First;

    /// <summary>All, in no order of use.</summary>
    public ReadOnlySpan<Waiter> Members => _waiters.Members;

    /// <summary>Where it is among the keys of its class, by how many wait.</summary>
    public int Place { get; set; }

    public ulong Key { get; private set; }

    /// <summary>How many may go at each turn: what the newest of its requests says.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>How many of the turn are left: the deficit counter of deficit round robin, in requests.</summary>
    public int Left { get; set; }

    /// <summary>The number of the grant that it had last, or of the last one before it came.</summary>
    public long LastTurn { get; set; }

    /// <summary>The flows before and behind it in the round.</summary>
    public WaitFlow? Next { get; set; }

    public WaitFlow? Previous { get; set; }

    /// <summary>Takes the object into use for a key.</summary>
    public void Begin(ulong key, long turn)
    {
        Key = key;
        LastTurn = turn;
        Left = 0;
    }

    public void Add(Waiter waiter)
    {
        _waiters.Add(waiter);
        _fromBehind.Add(waiter);
    }

    public void Remove(Waiter waiter)
    {
        _waiters.Remove(waiter);
        _fromBehind.Remove(waiter);
    }
}
