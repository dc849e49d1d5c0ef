using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;

namespace ProxyKit.Tiers;

/// <summary>One request before the windows of its tier: how it was judged, what it holds, and what it gives back in the end. Kept with its exchange
/// and used again.</summary>
internal sealed class Admission
{
    private byte[] _key = [];
    private int _keyLength;
    private Counts _free, _endsIn;
    private List<RateLimitLease>? _leases;

    public TierOutcome Outcome { get; set; }

    /// <summary>The tier; null where it is not known.</summary>
    public TierPlan? Plan { get; set; }

    /// <summary>What was taken, and in the end what was charged.</summary>
    public long Units { get; set; }

    /// <summary>What it costs by the response; null where that says nothing, or is not there yet.</summary>
    public long? Charge { get; set; }

    /// <summary>When it was judged.</summary>
    public TierTime At { get; set; }

    /// <summary>The client's counters, where the request holds on to them.</summary>
    public ClientCounters? Client { get; set; }

    /// <summary>The window that refused the request: of several the one that does so for longest. Null where none did.</summary>
    public Window? RefusedBy { get; set; }

    /// <summary>All the windows that refused it, a bit each in the order of the plan.</summary>
    public uint RefusedMask { get; set; }

    /// <summary>Milliseconds until it would be admitted, if nobody came in between; <see cref="long.MaxValue"/> for never.</summary>
    public long RetryIn { get; set; }

    /// <summary>The window whose soft limit is passed; null for none.</summary>
    public Window? WarnedBy { get; set; }

    /// <summary>Whether nobody has been asked.</summary>
    public bool IsBlank => Outcome == TierOutcome.None && Plan is null && Charge is null && Client is null && _keyLength == 0 && _leases is null or { Count: 0 };

    public bool IsAdmitted => Outcome == TierOutcome.Admitted;

    public ReadOnlyMemory<byte> Key => _key.AsMemory(0, _keyLength);

    /// <summary>What was left of a window behind this request; <see cref="long.MaxValue"/> where it has no limit.</summary>
    public long FreeOf(int window) => _free[window];

    /// <summary>In how many milliseconds the window was over then.</summary>
    public long EndsIn(int window) => _endsIn[window];

    public void SetKey(ReadOnlySpan<byte> key)
    {
        Debug.Assert(key.Length <= TierKey.MostBytes, "a longer key has a shorter name");
        if (key.Length > _key.Length)
        {
            _key = new byte[TierKey.MostBytes];
        }

        key.CopyTo(_key);
        _keyLength = key.Length;
    }

    /// <summary>Notes how a window stands.</summary>
    public void Note(int window, long free, long endsIn) => (_free[window], _endsIn[window]) = (free, endsIn);

    /// <summary>Keeps what a limiter of the user's has given, to the end.</summary>
    public void Keep(RateLimitLease lease) => (_leases ??= []).Add(lease);

    /// <summary>Gives back what limiters of the user's have given. What they throw is the caller's to note, once the rest has been given back.</summary>
    public void EndLeases()
    {
        if (_leases is not { Count: > 0 } leases)
        {
            return;
        }

        Exception? failure = null;
        foreach (var lease in leases)
        {
            try
            {
                lease.Dispose();
            }
            catch (Exception e)
            {
                failure = e; // a user's limiter
            }
        }

        leases.Clear();
        if (failure is not null)
        {
            throw new InvalidOperationException("A limiter of the user's failed to take a lease back.", failure);
        }
    }

    /// <summary>Makes it ready for another request.</summary>
    public void Reset()
    {
        Debug.Assert(Client is null && _leases is null or { Count: 0 }, "what a request held was given back");
        Outcome = TierOutcome.None;
        Plan = null;
        Units = 0;
        Charge = null;
        At = default;
        RefusedBy = WarnedBy = null;
        RefusedMask = 0;
        RetryIn = 0;
        _keyLength = 0;
    }

    [InlineArray(TierPlan.MostWindows)]
    private struct Counts
    {
        private long _first;
    }
}
