using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Queueing;

/// <summary>Those who wait, in the order of their positions: a binary heap whose members know their place, so that any of them can leave.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The order is by position, not by index: no collection to enumerate.")]
internal sealed class WaiterHeap
{
    private const int Smallest = 4;

    private Waiter[] _heap = new Waiter[Smallest];

    public int Count { get; private set; }

    public Waiter? First => Count == 0 ? null : _heap[0];

    /// <summary>All members, in no order of use.</summary>
    public ReadOnlySpan<Waiter> Members => _heap.AsSpan(0, Count);

    /// <summary>The one that would have its turn last; null where there is none. Looks at half of them.</summary>
    public Waiter? FindLast()
    {
        Waiter? last = null;
        for (var i = Count / 2; i < Count; i++) // a parent goes before its children, so the last one has none
        {
            if (last is null || _heap[i].Position.CompareTo(last.Position) > 0)
            {
                last = _heap[i];
            }
        }

        return last;
    }

    public void Add(Waiter waiter)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }

        Count++;
        Rise(Count - 1, waiter);
    }

    public void Remove(Waiter waiter)
    {
        var index = waiter.Index;
        var last = _heap[--Count];
        _heap[Count] = null!; // outside the heap
        if (last != waiter)
        {
            if (index > 0 && last.Position.CompareTo(_heap[(index - 1) / 2].Position) < 0)
            {
                Rise(index, last);
            }
            else
            {
                Sink(index, last);
            }
        }

        if (_heap.Length > Smallest && Count <= _heap.Length / 8)
        {
            Array.Resize(ref _heap, _heap.Length / 2); // what a rush has needed is not kept for ever
        }
    }

    private void Rise(int index, Waiter waiter)
    {
        while (index > 0 && waiter.Position.CompareTo(_heap[(index - 1) / 2].Position) < 0)
        {
            Put(index, _heap[(index - 1) / 2]);
            index = (index - 1) / 2;
        }

        Put(index, waiter);
    }

    private void Sink(int index, Waiter waiter)
    {
        while (true)
        {
            var child = (index * 2) + 1;
            if (child + 1 < Count && _heap[child + 1].Position.CompareTo(_heap[child].Position) < 0)
            {
                child++;
            }

            if (child >= Count || waiter.Position.CompareTo(_heap[child].Position) <= 0)
            {
                Put(index, waiter);
                return;
            }

            Put(index, _heap[child]);
            index = child;
        }
    }

    private void Put(int index, Waiter waiter)
    {
        _heap[index] = waiter;
        waiter.Index = index;
    }
}
