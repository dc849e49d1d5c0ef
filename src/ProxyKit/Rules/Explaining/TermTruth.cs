namespace ProxyKit.Rules.Explaining;

/// <summary>What a term of a condition says of one request.</summary>
public enum TermTruth
{
    /// <summary>It was not asked: the terms before it had decided.</summary>
    NotAsked,

    /// <summary>It holds.</summary>
    Holds,

    /// <summary>It does not hold.</summary>
    HoldsNot,

    /// <summary>It cannot be said, since it needs what is not known of the request.</summary>
    Undecided,

    /// <summary>Its code threw an exception.</summary>
    Failed,
}
