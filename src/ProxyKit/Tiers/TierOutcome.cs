namespace ProxyKit.Tiers;

/// <summary>What became of a request where tiers are asked.</summary>
internal enum TierOutcome
{
    /// <summary>Nobody asked: the frontend has no tiers, or leaves such requests alone.</summary>
    None,

    /// <summary>It may go on, and was counted.</summary>
    Admitted,

    /// <summary>A window of its tier is full.</summary>
    Refused,

    /// <summary>It has nothing to count by.</summary>
    NoKey,

    /// <summary>Its tier is none of those that there are.</summary>
    UnknownTier,

    /// <summary>Who knows the client's tier could not be asked.</summary>
    SourceFailed,

    /// <summary>There are as many clients as may be, and none of them can be forgotten.</summary>
    NoRoom,

    /// <summary>The client asked what it has used.</summary>
    Usage,
}
