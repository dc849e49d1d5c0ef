namespace ProxyKit.Tiers;

/// <summary>What a client has used of a quota.</summary>
/// <param name="Client">The client's key, as bytes: no more than 128.</param>
/// <param name="Window">The name of the limit.</param>
/// <param name="Period">What its periods are.</param>
/// <param name="PeriodLength">How many of them one has.</param>
/// <param name="StartsAt">When the period has begun that is under way.</param>
/// <param name="EndsAt">When it is over, and the count means nothing any more.</param>
/// <param name="Used">How many units were used in it.</param>
public readonly record struct QuotaCount(
    ReadOnlyMemory<byte> Client, string Window, QuotaPeriod Period, int PeriodLength, DateTimeOffset StartsAt, DateTimeOffset EndsAt, long Used);
