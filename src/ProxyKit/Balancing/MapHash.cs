using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Each hash belongs to a place of a table. Requests without a key take turns.</summary>
/// <remarks>The server to avoid is not avoided: a key has one place, and where that leads somewhere else depends on the set of candidates alone.</remarks>
/// <param name="key">What is hashed.</param>
/// <param name="hash">How.</param>
internal sealed class MapHash(IBalancingKey key, KeyHash hash) : IBalancingStrategy
{
    private readonly MapWalk _walk = new();
    private readonly Lock _buildLock = new(); // held by who makes _map anew: one does, the others need it as well
    private ServerMap? _map;

    public bool WaitsForServer => true;

    public bool FollowsWeights => false;

    public Server? Pick(in BalancingContext context)
    {
        var map = Volatile.Read(ref _map);
        if (map?.Set != context.Set)
        {
            map = MapOf(context.Set);
        }

        return key.TryHash(context, hash, out var value) ? map[(int)(value % (uint)map.Length)] : _walk.Next(map, context.Avoid);
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
