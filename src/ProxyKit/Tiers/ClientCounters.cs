using System.Runtime.InteropServices;
using System.Threading.RateLimiting;

namespace ProxyKit.Tiers;

/// <summary>What is counted for one client. Everything in it but <see cref="Key"/> is guarded by the lock of its part of the table.</summary>
internal sealed class ClientCounters
{
    private readonly int _keyLength;
    private CounterLayout _layout;
    private long[] _words; // the key first: of a million clients none is in the processor's cache, and each array more is a wait for memory
    private RateLimiter?[]? _limiters;
    private TierLease[]? _leases;

    public ClientCounters(ReadOnlySpan<byte> key, int hash, CounterLayout layout)
    {
        (_keyLength, Hash, _layout) = (key.Length, hash, layout);
        _words = new long[KeyWords + layout.Words];
        key.CopyTo(MemoryMarshal.AsBytes(_words.AsSpan()));
    }

    public ReadOnlySpan<byte> Key => MemoryMarshal.AsBytes(Volatile.Read(ref _words).AsSpan())[.._keyLength];

    public int Hash { get; }

    private int KeyWords => (_keyLength + sizeof(long) - 1) / sizeof(long);

    private Span<long> Counts => _words.AsSpan(KeyWords);

    /// <summary>The next one of the same place in the table.</summary>
    public ClientCounters? Next { get; set; }

    /// <summary>How many hold on to it: requests under way, and a setting of its own. As long as there are any, it stays.</summary>
    public int Holds { get; set; }

    /// <summary>When it was last asked about.</summary>
    public long UsedAt { get; set; }

    /// <summary>From when on nothing that was counted for it means anything.</summary>
    public long RestsAt { get; set; }

    /// <summary>What was set for this client alone; null where nothing was.</summary>
    public ClientSettings? Settings { get; set; }

    /// <summary>The next one of those whose counts have changed.</summary>
    public ClientCounters? NextChanged { get; set; }

    /// <summary>Whether its counts have changed since who keeps them looked.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Whether it is among those that have.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether units were taken back since, so that a count may have come to nothing.</summary>
    public bool HasLess { get; set; }

    /// <summary>Has it count as a configuration wants it, unless a newer one had it do so already.</summary>
    /// <param name="newest">The configuration's counters.</param>
    /// <param name="left">Takes the limiters that are no longer needed.</param>
    public void Adopt(CounterLayout newest, LeftLimiters left)
    {
        if (newest == _layout || newest.Version <= _layout.Version)
        {
            return;
        }

        var words = new long[KeyWords + newest.Words];
        _words.AsSpan(0, KeyWords).CopyTo(words);
        newest.CopyFrom(_layout, Counts, words.AsSpan(KeyWords));
        if (_limiters is { } limiters)
        {
            _limiters = newest.Limiters == 0 ? null : new RateLimiter?[newest.Limiters];
            newest.MoveFrom(_layout, limiters, _limiters ?? []);
            left.Add(limiters);
        }

        Volatile.Write(ref _words, words); // the key is read without the lock
        _layout = newest;
    }

    /// <summary>The numbers of a window; empty where a newer configuration has it no more.</summary>
    public Span<long> WordsOf(TierPlan plan, Window window)
    {
        var offset = plan.Layout == _layout ? window.Offset : _layout.Find(window.Shape);
        return offset < 0 ? default : _words.AsSpan(KeyWords + offset, window.Shape.Words);
    }

    /// <summary>The numbers of a counter; empty where the client has it no more.</summary>
    public Span<long> WordsOf(CounterShape shape) => _layout.Find(shape) is >= 0 and var offset ? _words.AsSpan(KeyWords + offset, shape.Words) : default;

    /// <summary>The place of a limiter of the user's; -1 where a newer configuration has it no more.</summary>
    public int PlaceOf(TierPlan plan, Window window) => plan.Layout == _layout ? window.Offset : _layout.Find(window.Shape);

    public RateLimiter? LimiterAt(int place) => _limiters?[place];

    public void PutLimiter(int place, RateLimiter limiter) => (_limiters ??= new RateLimiter?[_layout.Limiters])[place] = limiter;

    /// <summary>What this gateway has leased of a window, made where nothing is yet; null where the window is not shared.</summary>
    public TierLease? LeaseOf(Window window)
    {
        if (window.Share is not { } share)
        {
            return null;
        }

        foreach (var lease in _leases ?? [])
        {
            if (lease.Leases == share.Leases && lease.Shape == window.Shape)
            {
                return lease;
            }
        }

        var made = new TierLease(share, window.Shape, this);
        _leases = [.. _leases ?? [], made];
        return made;
    }

    /// <summary>Whether a client whose time has come rests: a clock that was put back since may have its quotas go on, and then its time comes later.</summary>
    public bool HasRest(in TierTime now)
    {
        if (_layout.QuotasEndAt(Counts, in now) is not { } end)
        {
            return true;
        }

        RestsAt = now.Steady + end - now.Wall;
        return false;
    }

    /// <summary>Forgets what was counted; what is under way stays so.</summary>
    public void ClearCounts() => _layout.ClearCounts(Counts);

    /// <summary>Tells what it has used of its quotas. See <see cref="CounterLayout.AddQuotas"/>.</summary>
    public void AddQuotas(List<QuotaCount> counts, long? now) => _layout.AddQuotas(Key, Counts, counts, now);

    /// <summary>Hands its limiters over, having left the table.</summary>
    public void End(LeftLimiters left)
    {
        if (_limiters is { } limiters)
        {
            left.Add(limiters);
        }

        foreach (var lease in _leases ?? [])
        {
            lease.Leave();
        }
    }
}
