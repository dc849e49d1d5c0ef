using System.Threading.RateLimiting;

namespace ProxyKit.Tiers;

/// <summary>Limiters of users that nobody needs any more: gathered under a lock, and let go of once it is free, since that is users' code.</summary>
internal sealed class LeftLimiters
{
    private List<RateLimiter>? _limiters;

    /// <summary>Whether there is something to let go of.</summary>
    public bool Any => _limiters is not null;

    public void Add(RateLimiter?[] limiters)
    {
        foreach (var limiter in limiters)
        {
            if (limiter is not null)
            {
                (_limiters ??= []).Add(limiter);
            }
        }
    }

    /// <summary>Takes what there is; the caller lets go of it.</summary>
    public List<RateLimiter>? Take()
    {
        var taken = _limiters;
        _limiters = null;
        return taken;
    }
}
