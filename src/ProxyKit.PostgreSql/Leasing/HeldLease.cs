using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Leasing;

/// <summary>What is known here of a lease that was answered once: how much it is worth leasing.</summary>
internal sealed class HeldLease(TierLease lease)
{
    /// <summary>The least that is leased at once: small limits would be asked for at each request else.</summary>
    private const long LeastUnits = 10;

    /// <summary>A lease that lasts for less is doubled, one that lasts for ten times as long is halved.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private long _units = LeastUnits;
    private DateTimeOffset? _askedAt;

    public TierLease Lease => lease;

    /// <summary>When nothing of it counts any more.</summary>
    public DateTimeOffset CountsUntil { get; private set; }

    /// <summary>What was used when it was last looked at.</summary>
    public long Used { get; set; }

    /// <summary>How much to ask for.</summary>
    /// <param name="state">The lease.</param>
    /// <param name="largest">How much of a limit is leased at once at most.</param>
    /// <param name="now">The time.</param>
    public long UnitsFor(TierLeaseState state, double largest, DateTimeOffset now)
    {
        (CountsUntil, Used) = (state.CountsUntil, state.Used);
        if (state.GivesBack || state.EndsAt <= now)
        {
            return 0;
        }

        var lasted = now - _askedAt;
        _askedAt = now;
        var units = lasted < Short ? _units * 2 : lasted > 10 * Short ? _units / 2 : _units;
        var most = state.Limit is { } limit ? (long)Math.Ceiling(limit * largest) : long.MaxValue / 4;
        return _units = Math.Clamp(units, LeastUnits, Math.Max(LeastUnits, most));
    }
}
