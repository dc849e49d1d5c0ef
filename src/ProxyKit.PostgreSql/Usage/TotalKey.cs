namespace ProxyKit.PostgreSql.Usage;

/// <summary>What a row of sums is of.</summary>
/// <param name="Hour">The hour it counts in.</param>
/// <param name="Client">Who.</param>
/// <param name="Tier">In which tier.</param>
/// <param name="Meter">Of which meter.</param>
/// <param name="Corrects">The hour it was used in, where that was closed by the time it came; <see cref="InTime"/> for what came in time.</param>
internal readonly record struct TotalKey(DateTime Hour, string Client, string Tier, string Meter, DateTime Corrects) : IComparable<TotalKey>
{
    /// <summary>Stands for no hour.</summary>
    public static readonly DateTime InTime = DateTime.UnixEpoch;

    /// <summary>One order for all gateways: who wants the same rows waits for the other, and never both for each other.</summary>
    public int CompareTo(TotalKey other)
    {
        var order = Hour.CompareTo(other.Hour);
        order = order != 0 ? order : string.CompareOrdinal(Client, other.Client);
        order = order != 0 ? order : string.CompareOrdinal(Tier, other.Tier);
        order = order != 0 ? order : string.CompareOrdinal(Meter, other.Meter);
        return order != 0 ? order : Corrects.CompareTo(other.Corrects);
    }

    /// <summary>The hour of a moment.</summary>
    public static DateTime HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), DateTimeKind.Utc);
}
