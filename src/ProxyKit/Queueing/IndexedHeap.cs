using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Queueing;

/// <summary>A binary heap whose members know their place, so that any of them can leave or move.</summary>
/// <typeparam name="T">Its members.</typeparam>
/// <typeparam name="TOrder">Who goes before whom.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "The order is not by index: no collection to enumerate.")]
internal sealed class IndexedHeap<T, TOrder>
    where T : class
    where TOrder : struct, IHeapOrder<T>
{
    private const int Smallest = 4, Kept = 32;

    private T[] _heap = new T[Smallest];

    public int Count { get; private set; }

    public T? First => Count == 0 ? null : _heap[0];

    /// <summary>All members, in no order of use.</summary>
    public ReadOnlySpan<T> Members => _heap.AsSpan(0, Count);

    public void Add(T member)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }

        Count++;
        Rise(Count - 1, member);
    }

    public void Remove(T member)
    {
        var index = TOrder.PlaceOf(member);
        var last = _heap[--Count];
        _heap[Count] = null!; // outside the heap
        if (last != member)
        {
            Settle(index, last);
        }

        if (_heap.Length > Kept && Count <= _heap.Length / 8)
        {
            Array.Resize(ref _heap, _heap.Length / 2); // what a rush has needed is not kept for ever
        }
    }

    /// <summary>Moves a member whose rank has changed.</summary>
    public void Update(T member) => Settle(TOrder.PlaceOf(member), member);

    private void Settle(int index, T member)
    {
        if (index > 0 && TOrder.GoesBefore(member, _heap[(index - 1) / 2]))
        {
            Rise(index, member);
        }
        else
        {
            Sink(index, member);
        }
    }

    private void Rise(int index, T member)
    {
        while (index > 0 && TOrder.GoesBefore(member, _heap[(index - 1) / 2]))
        {
            Put(index, _heap[(index - 1) / 2]);
            index = (index - 1) / 2;
        }

        Put(index, member);
    }

    private void Sink(int index, T member)
    {
        while (true)
        {
            var child = (index * 2) + 1;
            if (child + 1 < Count && TOrder.GoesBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (child >= Count || !TOrder.GoesBefore(_heap[child], member))
            {
                Put(index, member);
                return;
            }

            Put(index, _heap[child]);
            index = child;
        }
    }

    private void Put(int index, T member)
    {
        _heap[index] = member;
        TOrder.NotePlace(member, index);
    }
}

/// <summary>The order of a heap, and where its members keep their place.</summary>
internal interface IHeapOrder<T>
{
    static abstract bool GoesBefore(T one, T other);

    static abstract int PlaceOf(T member);

    static abstract void NotePlace(T member, int place);
}
