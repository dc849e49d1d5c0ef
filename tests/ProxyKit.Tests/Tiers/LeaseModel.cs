using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

/// <summary>The common count of one client's limit, kept as a database would keep it: absolute numbers of each gateway. Some answers are lost.</summary>
internal sealed class LeaseModel(long limit)
{
    public const int Lease = 20;

    private readonly Lock _lock = new(); // guards _granted
    private readonly Dictionary<int, long> _granted = [];

    /// <summary>What nobody has taken.</summary>
    public long Free
    {
        get
        {
            lock (_lock)
            {
                return limit - _granted.Values.Sum();
            }
        }
    }

    /// <summary>Answers a gateway, until it is told to end.</summary>
    public async Task ServeAsync(TierLeases leases, int gateway, CancellationToken stopping)
    {
        var random = new Random(gateway);
        var wanted = new List<TierLease>();
        while (!stopping.IsCancellationRequested)
        {
            leases.TakeWanted(wanted);
            for (var i = wanted.Count - 1; i >= 0; i--)
            {
                var state = wanted[i].Read();
                await Task.Yield(); // requests go on while the answer is under way
                var (granted, taken) = Grant(gateway, state);
                if (random.Next(4) > 0)
                {
                    wanted[i].Answer(state, granted, taken);
                    wanted.RemoveAt(i);
                }
            }

            await Task.Yield();
        }
    }

    private (long Granted, long Taken) Grant(int gateway, TierLeaseState state)
    {
        lock (_lock)
        {
            var others = _granted.Where(g => g.Key != gateway).Sum(static g => g.Value);
            var free = Math.Max(0, limit - others - state.Used);
            _granted[gateway] = Math.Max(state.Held, state.Used + Math.Min(Lease, free));
            return (_granted[gateway], others + _granted[gateway]);
        }
    }
}
