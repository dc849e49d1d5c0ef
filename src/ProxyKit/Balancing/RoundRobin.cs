using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Smooth weighted round robin: at each turn every server gains its weight, the richest is chosen and pays the total. Equal
/// weights take turns in their order; unequal ones are interleaved, not bunched.</summary>
internal sealed class RoundRobin : IBalancingStrategy
{
    private readonly Lock _lock = new(); // guards _credits
    private readonly Dictionary<Server, long> _credits = [];
    private Server[] _lastCandidates = [];
    private uint _turn;
    private bool _allEqual;

    public Server? Pick(in BalancingContext context)
    {
        var candidates = context.Candidates;
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        lock (_lock)
        {
            if (!candidates.SequenceEqual(_lastCandidates))
            {
                Remember(candidates);
            }

            return _allEqual ? TakeTurn(candidates, context.Avoid) : TakeRichest(candidates, context.Avoid);
        }
    }

    /// <summary>Another set of candidates: those that stay keep their credit, newcomers start with none and so get no burst.</summary>
    private void Remember(ReadOnlySpan<Server> candidates)
    {
        _lastCandidates = candidates.ToArray();
        _allEqual = true;
        foreach (var server in candidates)
        {
            _allEqual &= server.Weight == candidates[0].Weight;
            _credits.TryAdd(server, 0);
        }

        if (_credits.Count > candidates.Length * 2)
        {
            foreach (var gone in _credits.Keys.Except(_lastCandidates).ToArray())
            {
                _credits.Remove(gone);
            }
        }
    }

    private Server TakeTurn(ReadOnlySpan<Server> candidates, Server? avoid)
    {
        var server = candidates[(int)(_turn++ % (uint)candidates.Length)];
        return server == avoid ? candidates[(int)(_turn++ % (uint)candidates.Length)] : server;
    }

    private Server TakeRichest(ReadOnlySpan<Server> candidates, Server? avoid)
    {
        Server? richest = null;
        long total = 0, most = long.MinValue;
        foreach (var server in candidates)
        {
            ref var credit = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_credits, server, out _);
            credit += server.Weight;
            total += server.Weight;
            if (credit > most && server != avoid)
            {
                most = credit;
                richest = server;
            }
        }

        richest ??= candidates[0]; // only the one to avoid is there
        _credits[richest] -= total;
        return richest;
    }
}
