using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Transport;

/// <summary>What one thread keeps at hand of a kind of spare objects. The one that was put down last is taken first: its memory is the likeliest to be
/// in the processor's near caches still, which a queue would make the least likely.</summary>
/// <typeparam name="T">The objects.</typeparam>
internal struct LocalStack<T>
    where T : class
{
    private T?[]? _items;
    private int _count;

    /// <summary>Takes one.</summary>
    public bool TryPop([NotNullWhen(true)] out T? item)
    {
        if (_count == 0)
        {
            item = null;
            return false;
        }

        ref var place = ref _items![--_count]; // made with the first that is counted
        item = place!;
        place = null; // what is not put back here is not kept alive
        return true;
    }

    /// <summary>Puts one down where fewer than <paramref name="most"/> lie here.</summary>
    public bool TryPush(T item, int most)
    {
        var items = _items ??= new T?[most];
        if (_count == items.Length)
        {
            return false;
        }

        items[_count++] = item;
        return true;
    }
}
