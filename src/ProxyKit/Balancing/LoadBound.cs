using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Keeps each server within a factor of its fair share of the requests in progress.</summary>
internal sealed class LoadBound
{
    private readonly int _factor;
    private readonly LoadSum _loads;
    private readonly long[] _before; // the weights of the servers before each
    private readonly long _weight;

    /// <param name="set">The candidates.</param>
    /// <param name="factor">The most, in percent of the fair share; above 100.</param>
    public LoadBound(CandidateSet set, int factor)
    {
        _factor = factor;
        _loads = new LoadSum(set);
        _before = new long[set.Weights.Length];
        for (var i = 0; i < _before.Length; i++)
        {
            _before[i] = _weight;
            _weight += set.Weights[i];
        }
    }

    public CandidateSet Set => _loads.Set;

    public bool IsStale => _loads.IsStale;

    /// <summary>How many requests all servers together may have with another one.</summary>
    public long Total() => (((_loads.Total() + 1L) * _factor) + 99) / 100;

    /// <summary>Whether a server may have another one. What does not divide evenly goes to the servers in their order.</summary>
    /// <param name="slot">The server.</param>
    /// <param name="total">What <see cref="Total"/> has said.</param>
    public bool Allows(int slot, long total)
    {
        var (weight, before, rest) = (Set.Weights[slot], _before[slot], total % _weight);
        var share = (weight * (total / _weight)) + ((before + weight) * rest / _weight) - (before * rest / _weight);
        return _loads[slot] < Math.Max(1, share);
    }
}
