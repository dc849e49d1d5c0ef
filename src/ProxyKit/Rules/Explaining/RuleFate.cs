namespace ProxyKit.Rules.Explaining;

/// <summary>What became of a rule for one request.</summary>
public enum RuleFate
{
    /// <summary>It was not asked: a rule before it ended its list, or the request had gone elsewhere.</summary>
    NotReached,

    /// <summary>Its condition does not hold.</summary>
    NotFired,

    /// <summary>It did what it does.</summary>
    Fired,

    /// <summary>It cannot be said: its condition needs what is not known of the request. What follows is told as if it had not fired.</summary>
    Undecided,

    /// <summary>Its code threw an exception, which ends the exchange with 500.</summary>
    Failed,
}
