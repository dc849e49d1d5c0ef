using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Each hash belongs to the nearest point of a ring. Requests without a key go from point to point.</summary>
/// <param name="key">What is hashed.</param>
/// <param name="type">How.</param>
internal sealed class RingHash(IBalancingKey key, HashType type) : IBalancingStrategy
{
    private readonly KeyHash _hash = new(type);
    private readonly Lock _walkLock = new(); // guards _walked
    private readonly Lock _buildLock = new(); // held by who makes _ring or _bound anew: one does, the others need it as well
    private HashRing? _ring;
    private LoadBound? _bound;
    private int _walked = -1;

    public bool WaitsForServer => true;

    public Server? Pick(in BalancingContext context)
    {
        var set = context.Set;
        var ring = Volatile.Read(ref _ring);
        if (ring?.Set != set)
        {
            ring = RingOf(set);
        }

        if (!key.TryHash(context, _hash, out var hash))
        {
            return Walk(ring, context.Avoid);
        }

        if (set.Servers.Length == 1)
        {
            return set.Servers[0];
        }

        var bound = type.BalanceFactor is { } factor ? BoundOf(set, factor) : null;
        var total = bound?.Total() ?? 0;
        var index = ring.Nearest(hash);
        var slot = ring.SlotAt(index);
        return Accepts(set.Servers[slot], slot, context.Avoid, bound, total) ? set.Servers[slot] : Next(ring, index, context.Avoid, bound, total);
    }

    private HashRing RingOf(CandidateSet set)
    {
        lock (_buildLock)
        {
            if (_ring is not { } ring || ring.Set != set)
            {
                Volatile.Write(ref _ring, ring = HashRing.Of(set, type.PointsPerWeight, _ring));
            }

            return ring;
        }
    }

    private LoadBound BoundOf(CandidateSet set, int factor)
    {
        var bound = Volatile.Read(ref _bound);
        if (bound is not null && bound.Set == set && !bound.IsStale)
        {
            return bound;
        }

        lock (_buildLock)
        {
            if (_bound is not { IsStale: false } known || known.Set != set)
            {
                Volatile.Write(ref _bound, known = new LoadBound(set, factor));
            }

            return known;
        }
    }

    private bool Accepts(Server server, int slot, Server? avoid, LoadBound? bound, long total) =>
        server != avoid
        && (bound is null || bound.Allows(slot, total))
        && type.Affinity switch
        {
            HashAffinity.MaxConnections => server.State.Limit is var limit && (limit == 0 || server.ActiveRequests < limit),
            HashAffinity.MaxQueue => server.State.Limit is var limit
                && (limit == 0 || server.MaxQueue == 0 || server.ActiveRequests + server.QueuedRequests < limit + server.MaxQueue),
            _ => true,
        };

    /// <summary>The server of the first point behind one whose server can be taken; where there is none, that of the ring's last point.</summary>
    private Server Next(HashRing ring, int index, Server? avoid, LoadBound? bound, long total)
    {
        const int MostAsked = 4096;
        var servers = ring.Set.Servers;
        Span<ulong> asked = stackalloc ulong[MostAsked / 64]; // a server has many points, and is asked once
        asked.Clear();
        for (int i = 0, left = servers.Length; i < ring.Length && left > 0; i++)
        {
            var slot = ring.SlotAt(index);
            var bit = 1UL << slot;
            if (slot >= MostAsked || (asked[slot / 64] & bit) == 0)
            {
                if (Accepts(servers[slot], slot, avoid, bound, total))
                {
                    return servers[slot];
                }

                if (slot < MostAsked)
                {
                    asked[slot / 64] |= bit;
                    left--;
                }
            }

            index = index + 1 < ring.Length ? index + 1 : 0;
        }

        return servers[ring.SlotAt(ring.Length - 1)];
    }

    /// <summary>The server of the next point whose server has room; the one to avoid when there is no other; null when all are full.</summary>
    private Server? Walk(HashRing ring, Server? avoid)
    {
        Server? avoided = null;
        lock (_walkLock)
        {
            for (var i = 0; i < ring.Length; i++)
            {
                _walked = _walked + 1 < ring.Length ? _walked + 1 : 0;
                var server = ring.Set.Servers[ring.SlotAt(_walked)];
                if (!server.HasRoom)
                {
                    continue;
                }

                if (server != avoid)
                {
                    return server;
                }

                avoided = server;
            }
        }

        return avoided;
    }
}
