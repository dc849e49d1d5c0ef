namespace ProxyKit.Balancing;

/// <summary>Slots of servers in the order of a key, and for the same key in the order in which they came.</summary>
/// <param name="capacity">How many there can be.</param>
internal sealed class TurnHeap(int capacity)
{
    private readonly Entry[] _entries = new Entry[capacity];
    private long _arrivals;

    public int Count { get; private set; }

    /// <summary>The slot that comes first.</summary>
    public int First => _entries[0].Slot;

    public void Add(long key, int slot)
    {
        var entry = new Entry(key, _arrivals++, slot);
        var index = Count++;
        while (index > 0 && entry.IsBefore(_entries[(index - 1) / 2]))
        {
            _entries[index] = _entries[(index - 1) / 2];
            index = (index - 1) / 2;
        }

        _entries[index] = entry;
    }

    public int RemoveFirst()
    {
        var first = _entries[0].Slot;
        var last = _entries[--Count];
        var index = 0;
        while (true)
        {
            var child = (index * 2) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && _entries[child + 1].IsBefore(_entries[child]))
            {
                child++;
            }

            if (!_entries[child].IsBefore(last))
            {
                break;
            }

            _entries[index] = _entries[child];
            index = child;
        }

        _entries[index] = last;
        return first;
    }

    private readonly record struct Entry(long Key, long Arrival, int Slot)
    {
        public bool IsBefore(in Entry other) => Key != other.Key ? Key < other.Key : Arrival < other.Arrival;
    }
}
