using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>The server with the fewest requests in progress for its weight; idle servers come first whatever their weight, so that low traffic
/// reaches all, and equals take turns.</summary>
internal sealed class LeastConnections : IBalancingStrategy
{
    private uint _turn;

    bool IBalancingStrategy.FillsServerQueues => true;

    public Server? Pick(in BalancingContext context)
    {
        var candidates = context.Candidates;
        var start = (int)(Interlocked.Increment(ref _turn) % (uint)candidates.Length);
        Server? best = null;
        long bestLoad = 0, bestWeight = 1;
        for (var i = 0; i < candidates.Length; i++)
        {
            var server = candidates[(start + i) % candidates.Length];
            if (server == context.Avoid && candidates.Length > 1)
            {
                continue;
            }

            // An idle server counts as no load, a busy one as the load it would have with this request: HAProxy's key.
            var active = server.ActiveRequests;
            var load = active == 0 ? 0 : active + 1L;
            if (best is null || load * bestWeight < bestLoad * server.Weight)
            {
                best = server;
                bestLoad = load;
                bestWeight = server.Weight;
            }
        }

        return best;
    }
}
