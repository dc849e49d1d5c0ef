namespace ProxyKit.Metering;

/// <summary>What became of a request, as far as it matters to who pays for it.</summary>
public enum UsageOutcome
{
    /// <summary>No request: a change of somebody's account, which counts what <see cref="UsageEvent.Meters"/> says and nothing else.</summary>
    Adjustment,

    /// <summary>It was let in and answered, with a status below 500.</summary>
    Served,

    /// <summary>It was let in, and got a status of 500 or more, or no whole answer.</summary>
    Failed,

    /// <summary>It was not let in: by a rule, by its tier, or because it could not be read.</summary>
    Refused,
}
