namespace ProxyKit.CircuitBreakers;

/// <summary>What a circuit breaker does with requests.</summary>
public enum CircuitState
{
    /// <summary>It lets them pass, and watches how they go.</summary>
    Closed,

    /// <summary>It lets none pass until its time is over.</summary>
    Open,

    /// <summary>It lets a few pass, whose results decide.</summary>
    HalfOpen,

    /// <summary>It lets none pass until it is closed by hand.</summary>
    Isolated,
}

/// <summary>What a circuit breaker watches over.</summary>
public enum CircuitScope
{
    /// <summary>Each server of the backend by itself: while its circuit is open, balancing leaves it out.</summary>
    Server,

    /// <summary>The backend as a whole, or each key that its requests have: while the circuit is open, they are answered instead.</summary>
    Backend,
}
