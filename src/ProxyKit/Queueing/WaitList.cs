using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Queueing;

/// <summary>Those who wait for the same thing, in their order: a binary heap whose members know their place, so that any of them can leave.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The order is by position, not by index: no collection to enumerate.")]
internal sealed class WaitList
{
    private Waiter[] _heap = new Waiter[4];

    public int Count { get; private set; }

    /// <summary>How many have left with a slot: the difference tells how many went before one.</summary>
    public int Served { get; private set; }

    public Waiter? First => Count == 0 ? null : _heap[0];

    public void Add(Waiter waiter)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }

        waiter.List = this;
        waiter.ServedBefore = Served;
        Count++;
        Rise(Count - 1, waiter);
    }

    public void Remove(Waiter waiter, bool isServed)
    {
        var index = waiter.Index;
        waiter.List = null;
        waiter.WentBefore = Served - waiter.ServedBefore;
        Served += isServed ? 1 : 0;
        var last = _heap[--Count];
        _heap[Count] = null!; // outside the heap
        if (last == waiter)
        {
            return;
        }

        if (index > 0 && last.Position.CompareTo(_heap[(index - 1) / 2].Position) < 0)
        {
            Rise(index, last);
        }
        else
        {
            Sink(index, last);
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
