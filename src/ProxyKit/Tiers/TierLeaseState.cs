namespace ProxyKit.Tiers;

/// <summary>How a lease stands, for one who has the common count. Everything is of the whole period, so that telling it twice changes nothing.</summary>
/// <param name="Tiers">The group of tiers.</param>
/// <param name="Client">The client's key, as bytes: no more than 128.</param>
/// <param name="Window">The name of the limit.</param>
/// <param name="EndsAt">When the period is over; which period it is, therefore.</param>
/// <param name="Number">Tells the leases of this process apart.</param>
public sealed record TierLeaseState(string Tiers, ReadOnlyMemory<byte> Client, string Window, DateTimeOffset EndsAt, long Number)
{
    /// <summary>How many units fit, of all gateways; null for any number.</summary>
    public long? Limit { get; init; }

    /// <summary>What this gateway has admitted, and cannot take back.</summary>
    public long Used { get; init; }

    /// <summary>Up to where it may admit; not to be made less by an answer.</summary>
    public long Held { get; init; }

    /// <summary>How many units beyond <see cref="Used"/> a request needed that was refused; 0 where none was.</summary>
    public long Needed { get; init; }

    /// <summary>Whether nothing more is wanted.</summary>
    public bool GivesBack { get; init; }
}
