namespace ProxyKit.Rules.Actions;

/// <summary>What becomes of an exchange that a rule has ended.</summary>
internal enum VerdictKind
{
    /// <summary>The client gets a reply, as configured.</summary>
    Reply,

    /// <summary>The client is refused, with a reply.</summary>
    Deny,

    /// <summary>The client is refused after it was kept waiting.</summary>
    Tarpit,

    /// <summary>The connection is closed without a word.</summary>
    Reject,

    /// <summary>The connection is forgotten, so that the client believes it open.</summary>
    SilentDrop,

    /// <summary>The server's side is closed.</summary>
    Close,

    /// <summary>Something of the proxy's own failed, or a request was none that could be served.</summary>
    Failure,

    /// <summary>The body that a rule waited for took too long.</summary>
    TimedOut,
}

/// <summary>What a rule has decided about an exchange.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Reply">What the client gets, where it gets something; null for the error page of <paramref name="Status"/>.</param>
/// <param name="Status">The status, as the log has it.</param>
internal sealed record RuleVerdict(VerdictKind Kind, int Status, LocalReply? Reply = null)
{
    /// <summary>Whether it counts as an error of the client, whatever the status: not where the connection ends without a word.</summary>
    public bool IsRefusal { get; init; } = Kind is VerdictKind.Deny or VerdictKind.Tarpit;

    /// <summary>Whether it ends a wait that has come to nothing, where a rule that waits has made it.</summary>
    public bool IsEndOfWait { get; init; } = Kind is VerdictKind.TimedOut or VerdictKind.Failure;

    /// <summary>The service that has answered, as logs have it in the place of a server; null where none has.</summary>
    public string? Service { get; init; }
}
