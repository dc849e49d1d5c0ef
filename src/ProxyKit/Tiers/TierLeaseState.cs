namespace ProxyKit.Tiers;

/// <summary>How a lease stands, for one who has the common count. Everything is told whole and not as a change, so that telling it twice changes nothing.</summary>
/// <param name="Tiers">The group of tiers.</param>
/// <param name="Client">The client's key, as bytes: no more than 128.</param>
/// <param name="Window">The name of the limit.</param>
/// <param name="EndsAt">When the period is over, or the newest piece of a sliding window; the end of the year 9999 for buckets and concurrency.</param>
/// <param name="Number">Tells the leases of this process apart.</param>
public sealed record TierLeaseState(string Tiers, ReadOnlyMemory<byte> Client, string Window, DateTimeOffset EndsAt, long Number)
{
    /// <summary>How it counts. Gateways share a limit where it counts alike: this, <see cref="Period"/> and <see cref="Segments"/>.</summary>
    public TierLimitKind Kind { get; init; }

    /// <summary>Milliseconds of a window, or in which <see cref="Refill"/> comes back to a bucket; of quotas, a number of its own for each kind and length.</summary>
    public long Period { get; init; }

    /// <summary>Into how many pieces a sliding window is cut.</summary>
    public int Segments { get; init; }

    /// <summary>How many units come back to a bucket in <see cref="Period"/>.</summary>
    public long Refill { get; init; }

    /// <summary>When the period or the piece has begun.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>How many units fit, of all gateways; null for any number.</summary>
    public long? Limit { get; init; }

    /// <summary>What this gateway has admitted, and cannot take back: in the period, in the newest piece of a sliding window, of a bucket altogether; of concurrency
    /// what is under way.</summary>
    public long Used { get; init; }

    /// <summary>What this gateway has admitted in the pieces of a sliding window before the newest, the latest first.</summary>
    public IReadOnlyList<long> Earlier { get; init; } = [];

    /// <summary>Up to where it may admit; not to be made less by an answer, unless it is one that comes too late.</summary>
    public long Held { get; init; }

    /// <summary>How many units beyond <see cref="Used"/> a request needed that was refused; 0 where none was.</summary>
    public long Needed { get; init; }

    /// <summary>Whether nothing more is wanted.</summary>
    public bool GivesBack { get; init; }

    /// <summary>From when on nothing of it counts.</summary>
    public DateTimeOffset CountsUntil => Kind == TierLimitKind.Sliding ? EndsAt + ((EndsAt - StartsAt) * Segments) : EndsAt;
}
