using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Draws candidates at random, each as often as its weight says.</summary>
internal sealed class WeightedDraw
{
    private readonly int[] _ends; // the sums of the weights up to each server
    private readonly bool _areEqual;

    public WeightedDraw(CandidateSet set)
    {
        Set = set;
        _ends = new int[set.Weights.Length];
        _areEqual = true;
        var sum = 0;
        for (var i = 0; i < _ends.Length; i++)
        {
            _ends[i] = sum += set.Weights[i];
            _areEqual &= set.Weights[i] == set.Weights[0];
        }
    }

    public CandidateSet Set { get; }

    /// <summary>Draws a slot; in the place of the server to avoid the one behind it.</summary>
    public int Next(Random random, Server? avoid)
    {
        var slot = _areEqual ? random.Next(_ends.Length) : Find(random.Next(_ends[^1]));
        return Set.Servers[slot] == avoid ? (slot + 1) % _ends.Length : slot;
    }

    private int Find(int ticket)
    {
        var slot = Array.BinarySearch(_ends, ticket + 1);
        return slot < 0 ? ~slot : slot;
    }
}
