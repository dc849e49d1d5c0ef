namespace ProxyKit.Checks;

/// <summary>What is taken for true of a checked server before its first check, and when it comes back from maintenance. HAProxy: <c>init-state</c>.</summary>
public enum InitialServerState
{
    /// <summary>It is up, and the first check that fails takes it down.</summary>
    Up,

    /// <summary>It is up, and it takes <see cref="ServerCheckOptions.Fall"/> failed checks to take it down.</summary>
    FullyUp,

    /// <summary>It is down, and the first check that passes brings it up.</summary>
    Down,

    /// <summary>It is down, and it takes <see cref="ServerCheckOptions.Rise"/> passed checks to bring it up.</summary>
    FullyDown,
}
