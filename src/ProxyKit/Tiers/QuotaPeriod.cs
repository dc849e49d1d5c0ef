namespace ProxyKit.Tiers;

/// <summary>What a quota is for: units of the calendar, which begin at midnight of a stated time zone.</summary>
public enum QuotaPeriod
{
    /// <summary>Days.</summary>
    Day,

    /// <summary>Weeks; from Monday on, unless an anchor says otherwise.</summary>
    Week,

    /// <summary>Months; from the first on, unless an anchor says otherwise, as the day on which a client signed its contract does.</summary>
    Month,
}
