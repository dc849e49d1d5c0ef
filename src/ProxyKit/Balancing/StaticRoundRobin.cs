using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>The servers take turns by a table that is made once for each set of candidates: any number of servers for the same price, but weights are
/// what was configured, or nothing.</summary>
internal sealed class StaticRoundRobin : IBalancingStrategy
{
    private readonly MapWalk _walk = new();
    private readonly Lock _buildLock = new(); // held by who makes _map anew: one does, the others need it as well
    private ServerMap? _map;

    public bool FollowsWeights => false;

    public Server? Pick(in BalancingContext context)
    {
        var map = Volatile.Read(ref _map);
        if (map?.Set != context.Set)
        {
            map = MapOf(context.Set);
        }

        return _walk.Next(map, context.Avoid);
    }

    private ServerMap MapOf(CandidateSet set)
    {
        lock (_buildLock)
        {
            if (_map is not { } map || map.Set != set)
            {
                Volatile.Write(ref _map, map = ServerMap.Of(set, _map));
            }

            return map;
        }
    }
}
