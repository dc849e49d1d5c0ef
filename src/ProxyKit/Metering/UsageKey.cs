namespace ProxyKit.Metering;

/// <summary>What a total is of.</summary>
/// <param name="Hour">The hour it counts in, by <see cref="UsageHours"/>.</param>
/// <param name="CorrectsHour">The hour it was used in, where that was closed by the time it became known.</param>
/// <param name="Client">Who.</param>
/// <param name="Tier">In which tier.</param>
/// <param name="Meter">Of which meter.</param>
internal readonly record struct UsageKey(int Hour, int? CorrectsHour, string Client, string Tier, string Meter) : IComparable<UsageKey>
{
    public int CompareTo(UsageKey other)
    {
        var order = Hour.CompareTo(other.Hour);
        order = order != 0 ? order : string.CompareOrdinal(Client, other.Client);
        order = order != 0 ? order : string.CompareOrdinal(Tier, other.Tier);
        order = order != 0 ? order : string.CompareOrdinal(Meter, other.Meter);
        return order != 0 ? order : (CorrectsHour ?? int.MinValue).CompareTo(other.CorrectsHour ?? int.MinValue);
    }

    public UsageTotal ToTotal(Int128 quantity) => new(
        UsageHours.ToTime(Hour), Client, Tier, Meter, long.CreateSaturating(quantity), CorrectsHour is { } corrects ? UsageHours.ToTime(corrects) : null);
}
