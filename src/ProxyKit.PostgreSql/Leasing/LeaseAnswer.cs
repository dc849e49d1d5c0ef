namespace ProxyKit.PostgreSql.Leasing;

/// <summary>What the database says to one lease.</summary>
/// <param name="Granted">What this gateway may use altogether.</param>
/// <param name="Taken">What all gateways have taken.</param>
/// <param name="StartsAt">When the period has begun.</param>
/// <param name="EndsAt">When it is over, for all of them.</param>
internal readonly record struct LeaseAnswer(long Granted, long Taken, DateTimeOffset StartsAt, DateTimeOffset EndsAt);
