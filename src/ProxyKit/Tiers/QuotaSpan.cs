namespace ProxyKit.Tiers;

/// <summary>One period of a quota, in milliseconds of Unix time.</summary>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant behind it.</param>
internal sealed record QuotaSpan(long Start, long End);
