namespace ProxyKit.Tiers;

/// <summary>What a client's counter is, apart from any limit: windows of the same shape share it, in whatever tier and configuration they stand, so
/// that a client that changes its tier, or whose limits are changed, keeps what was counted.</summary>
/// <param name="Kind">How it counts.</param>
/// <param name="Name">The name of its windows.</param>
/// <param name="Period">Milliseconds of one window; for quotas, their kind and length.</param>
/// <param name="Segments">Into how many pieces a sliding window is cut.</param>
/// <remarks>What follows from the four is worked out once: shapes are made anew and never by <c>with</c>.</remarks>
internal sealed record CounterShape(TierLimitKind Kind, string Name, long Period, int Segments = 0)
{
    /// <summary>The shape of a quota.</summary>
    public static CounterShape OfQuota(string name, QuotaPeriod period, int length) => new(TierLimitKind.Quota, name, ((long)period << 32) + length);

    /// <summary>Milliseconds of one piece of a sliding window: the pieces together are no shorter than the window.</summary>
    public long Piece { get; } = Segments == 0 ? Period : (Period + Segments - 1) / Segments;

    /// <summary>How many numbers its state has.</summary>
    public int Words { get; } = Kind switch
    {
        TierLimitKind.Own => 0,
        TierLimitKind.Concurrency => 1,
        TierLimitKind.Quota => 3,
        TierLimitKind.Sliding => 3 + Segments, // the newest piece, the sum, and the pieces: one more than the window has, since the newest is not whole
        _ => 2,
    };
}
