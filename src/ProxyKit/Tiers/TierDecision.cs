namespace ProxyKit.Tiers;

/// <summary>What tiers came to for one exchange, for those who meter: told when it ends.</summary>
/// <param name="Group">The tiers that were asked; null where none were.</param>
/// <param name="Client">The client's key, as bytes that are valid until the exchange's object is used again; empty where it has none.</param>
/// <param name="Tier">The client's tier; null where it is not known.</param>
/// <param name="Units">What the exchange was charged in the end; 0 where it was not admitted.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Window">The window that refused it; null where none did.</param>
internal readonly record struct TierDecision(
    string? Group, ReadOnlyMemory<byte> Client, string? Tier, long Units, TierOutcome Outcome, string? Window);
