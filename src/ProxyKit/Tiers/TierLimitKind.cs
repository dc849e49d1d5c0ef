namespace ProxyKit.Tiers;

/// <summary>How a limit of a tier counts.</summary>
public enum TierLimitKind
{
    /// <summary>Time is cut into pieces of one length, by the clock; each begins at zero.</summary>
    Fixed,

    /// <summary>What was counted within the last piece of time of a length: in no such piece, wherever it begins, is more admitted than the limit.</summary>
    Sliding,

    /// <summary>Units come back one by one at an even pace, and up to so many can be saved up.</summary>
    Bucket,

    /// <summary>A period of the calendar.</summary>
    Quota,

    /// <summary>What is under way at this moment.</summary>
    Concurrency,

    /// <summary>A limiter of the user's, one for each client.</summary>
    Own,
}
