namespace ProxyKit.Metering.Journals;

/// <summary>The ids that came lately, so that none counts twice. Not for several threads.</summary>
internal sealed class KnownIds
{
    private readonly int _most;
    private readonly Queue<UInt128> _order = [];
    private readonly HashSet<UInt128> _ids = [];

    public KnownIds(int most, IEnumerable<UInt128> ids)
    {
        _most = most;
        foreach (var id in ids)
        {
            TryAdd(id);
        }
    }

    /// <summary>Takes an id; false where it is known.</summary>
    public bool TryAdd(UInt128 id)
    {
        if (_most == 0)
        {
            return true;
        }

        if (!_ids.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        while (_ids.Count > _most || _order.Count > 2 * _most)
        {
            _ids.Remove(_order.Dequeue());
        }

        return true;
    }

    /// <summary>Forgets an id whose event was not kept.</summary>
    public void Remove(UInt128 id) => _ids.Remove(id);
}
