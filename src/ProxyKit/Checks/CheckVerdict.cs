namespace ProxyKit.Checks;

/// <summary>What the outcome of a check means for a server.</summary>
internal enum CheckVerdict
{
    /// <summary>Nothing.</summary>
    Neutral,

    Failed,

    Passed,

    /// <summary>It passed, and the server asks for no new clients.</summary>
    Conditional,
}
