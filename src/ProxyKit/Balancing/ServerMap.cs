using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>The candidates as a table with as many places as there is weight, each server's places spread as evenly as can be.</summary>
internal sealed class ServerMap
{
    private readonly Server[] _places;
    private readonly int[] _weights; // it was made of

    private ServerMap(CandidateSet set, Server[] places, int[] weights)
    {
        Set = set;
        _places = places;
        _weights = weights;
    }

    /// <summary>The candidates it was made of.</summary>
    public CandidateSet Set { get; }

    public int Length => _places.Length;

    public Server this[int place] => _places[place];

    /// <summary>The table of a set: the last one, where that is of the same servers and weights.</summary>
    public static ServerMap Of(CandidateSet set, ServerMap? last)
    {
        // What counts is the weight that was set: static algorithms know no warm-up, of which each step makes another set.
        var weights = Array.ConvertAll(set.Servers, static s => Math.Max(1, s.Weight));
        if (last is not null && last._weights.AsSpan().SequenceEqual(weights) && last.Set.Servers.AsSpan().SequenceEqual(set.Servers))
        {
            return new(set, last._places, weights);
        }

        var divisor = weights.Aggregate(GreatestCommonDivisor);
        return new(set, Fill(set.Servers, Array.ConvertAll(weights, w => w / divisor)), weights);
    }

    /// <summary>At each place every server gains its weight, and the one that is owed most whole places gets it: the first of them in their order.</summary>
    private static Server[] Fill(Server[] servers, int[] weights)
    {
        var places = new Server[weights.Sum()];
        var owed = new long[servers.Length];
        for (var place = 0; place < places.Length; place++)
        {
            var best = 0;
            var most = -1L;
            for (var i = 0; i < owed.Length; i++)
            {
                owed[i] += weights[i];
                var whole = (owed[i] + places.Length) / places.Length;
                if (whole > most)
                {
                    (best, most) = (i, whole);
                }
            }

            places[place] = servers[best];
            owed[best] -= places.Length;
        }

        return places;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
