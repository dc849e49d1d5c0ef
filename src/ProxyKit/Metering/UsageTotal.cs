namespace ProxyKit.Metering;

/// <summary>How much a client used of a meter in some time.</summary>
/// <param name="From">When that time began; the time zone is UTC.</param>
/// <param name="Client">Who; empty where nobody knew.</param>
/// <param name="Tier">In which tier; empty for none.</param>
/// <param name="Meter">Which meter.</param>
/// <param name="Quantity">How much, in whole units. <see cref="long.MaxValue"/> and <see cref="long.MinValue"/> stand for all that is beyond them, too: what is too
/// much of one client's keeps nobody from reading the others', and comes down once it is put right.</param>
/// <param name="CorrectsHour">The hour in which it was used, where that was closed by the time it became known; null for what came in
/// time.</param>
public sealed record UsageTotal(DateTimeOffset From, string Client, string Tier, string Meter, long Quantity, DateTimeOffset? CorrectsHour = null);

/// <summary>Which totals are wanted.</summary>
public sealed record UsageQuery
{
    /// <summary>From when on; a whole hour. Null for the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when, that moment not included; a whole hour. Null for all there is.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Of one client; null for all.</summary>
    public string? Client { get; init; }

    /// <summary>Over how long each total goes. Hours by default.</summary>
    public UsageResolution Resolution { get; init; }
}

/// <summary>Over how long a total goes, in UTC.</summary>
public enum UsageResolution
{
    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>All the time that was asked for.</summary>
    All,
}
