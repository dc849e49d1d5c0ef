using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Draws candidates at random, each as often as its weight says.</summary>
internal sealed class WeightedDraw
{
    private readonly int[] _ends; // the sums of the weights up to each server

    public WeightedDraw(CandidateSet set)
    {
        Set = set;
        _ends = new int[set.Weights.Length];
        var sum = 0;
        for (var i = 0; i < _ends.Length; i++)
        {
            _ends[i] = sum += set.Weights[i];
        }
    }

    public CandidateSet Set { get; }

    /// <summary>Draws a slot; in the place of the server to avoid the one behind it.</summary>
    public int Next(Random random, Server? avoid)
    {
        var ticket = random.Next(_ends[^1]);
        var slot = Array.BinarySearch(_ends, ticket + 1);
        slot = slot < 0 ? ~slot : slot;
        return Set.Servers[slot] == avoid ? (slot + 1) % _ends.Length : slot;
    }
}
